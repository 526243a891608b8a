// SPDX-License-Identifier: Apache-2.0
/* Two plots on logarithmic scales as one SVG, which is light or dark as its viewer is. */
#include "study.h"

#include <math.h>
#include <stdio.h>

#define WIDTH  360
#define HEIGHT 300
#define TOP    50

struct panel {
	int left;
	const char *title;
	uint64_t (*of)(const struct row *);
	double max; /* a power of ten */
};

static uint64_t volume_of(const struct row *row)
{
	return row->volume_mounts;
}

static uint64_t start_of(const struct row *row)
{
	return row->start_mounts;
}

static double x_of(const struct panel *p, double n)
{
	return p->left + WIDTH * log10(n) / 4;
}

static double y_of(const struct panel *p, double n)
{
	return TOP + HEIGHT * (1 - log10(n) / log10(p->max));
}

static void print_grid(const struct panel *p, FILE *out)
{
	static const char *const words[] = {"1", "10", "100", "1,000", "10,000", "100,000"};

	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"t\">%s</text>\n", p->left, TOP - 18,
		p->title);
	for (int i = 0; i <= 4; i++) {
		double x = x_of(p, pow(10, i));
		fprintf(out,
			"<path class=\"g\" d=\"M%.1f %dV%d\"/><text x=\"%.1f\" y=\"%d\" "
			"text-anchor=\"middle\">%s</text>\n",
			x, TOP, TOP + HEIGHT, x, TOP + HEIGHT + 18, words[i]);
	}
	for (int i = 0; i <= lround(log10(p->max)); i++) {
		double y = y_of(p, pow(10, i));
		fprintf(out,
			"<path class=\"g\" d=\"M%d %.1fh%d\"/><text x=\"%d\" y=\"%.1f\" "
			"text-anchor=\"end\">%s</text>\n",
			p->left, y, WIDTH, p->left - 8, y + 4, words[i]);
	}
	fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">pods on the node</text>\n",
		p->left + WIDTH / 2, TOP + HEIGHT + 40);
}

static void print_line(const struct panel *p, const struct study *study, int setup, FILE *out)
{
	const struct row *rows = study->rows[setup];
	char command = 'M';

	fprintf(out, "<path class=\"l s%d\" d=\"", setup);
	for (size_t i = 0; i < study->n_rows && p->of(&rows[i]); i++, command = 'L')
		fprintf(out, "%c%.1f %.1f", command, x_of(p, rows[i].n),
			y_of(p, (double)p->of(&rows[i])));
	if (p->of == start_of && study->full_at[setup] <= 10000)
		fprintf(out, "L%.1f %.1f", x_of(p, study->full_at[setup]), y_of(p, 100000));
	fprintf(out, "\"/>\n");
}

/* Where a start needs more than fs.mount-max. */
static void print_full(const struct panel *p, const struct study *study, int setup, FILE *out)
{
	double n = study->full_at[setup], y = y_of(p, 100000);

	if (n > 10000)
		return;
	fprintf(out,
		"<circle class=\"l s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\" "
		"style=\"stroke-width:2;stroke-dasharray:none\"/>\n",
		setup, x_of(p, n), y);
}

static void print_key(FILE *out)
{
	static const char *const words[N_SETUPS] = {
		"private: volumes of propagation None",
		"own: each volume HostToContainer or Bidirectional",
		"kubelet: /var/lib/kubelet, Bidirectional",
		"root: /, HostToContainer",
	};

	for (int setup = 0; setup < N_SETUPS; setup++) {
		int x = 70 + setup % 2 * 470, y = TOP + HEIGHT + 70 + setup / 2 * 24;
		fprintf(out,
			"<path class=\"l s%d\" d=\"M%d %dh40\"/><text x=\"%d\" "
			"y=\"%d\">%s</text>\n",
			setup, x, y - 4, x + 50, y, words[setup]);
	}
}

void study_plot(const struct study *study, FILE *out)
{
	const struct panel panels[] = {
		{70, "Mounts that one new volume makes", volume_of, 10000},
		{540, "Mounts that one start makes", start_of, 100000},
	};

	/* Broad lines first: some lie on each other. */
	static const int order[N_SETUPS] = {SETUP_PRIVATE, SETUP_OWN, SETUP_ROOT, SETUP_KUBELET};

	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 450\" "
		"font-family=\"sans-serif\" font-size=\"13\">\n"
		"<title>What a mount and a start cost on a node with N pods</title>\n"
		"<style>svg{background:#fff}text{fill:#1f2328}.t{font-weight:bold;font-size:15px}"
		".g{stroke:#d5d9df;fill:none}.l{fill:none;stroke-width:5}"
		".s0{stroke:#4fb8ad}.s1{stroke:#5a1fc4;stroke-width:2;stroke-dasharray:4 6}"
		".s2{stroke:#0a2a66;stroke-width:2;stroke-dasharray:10 6}.s3{stroke:#e5534b}"
		"@media(prefers-color-scheme:dark){svg{background:#10131a}text{fill:#e6e9f0}"
		".g{stroke:#343b48}.s0{stroke:#1f8f85}.s1{stroke:#ead9ff}.s2{stroke:#bfe0ff}"
		".s3{stroke:#c9453d}}</style>\n");
	for (int i = 0; i < 2; i++) {
		print_grid(&panels[i], out);
		for (size_t k = 0; k < N_SETUPS; k++)
			print_line(&panels[i], study, order[k], out);
	}
	for (int setup = 0; setup < N_SETUPS; setup++)
		print_full(&panels[1], study, setup, out);
	fprintf(out, "<text x=\"%d\" y=\"%.1f\">fs.mount-max; circles: no more pods start</text>\n",
		panels[1].left + 6, y_of(&panels[1], 100000) + 16);
	print_key(out);
	fprintf(out, "</svg>\n");
}
