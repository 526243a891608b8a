/* What lights up: everything that would receive a mount made here; arrows; pointer and keys. */
const hubs = [];
for (const [from, to, group] of values.edges)
	for (const end of [from, to])
		if (end >= nodes.length)
			hubs[end - nodes.length] = {i: end, group: end === from ? group : null};
const SVG = "http://www.w3.org/2000/svg";
let lit = [];
let pinned = null;

/* What of dir is behind base, with its slash; null: it is not below. */
function behind(dir, base) {
	const front = base === "/" ? "" : base;
	return dir === base ? "" : dir.startsWith(front + "/") ? dir.slice(front.length) : null;
}

/*
 * Peers and slaves, theirs too, of the same file system whose root is this directory or above. On a
 * removed directory nothing can be mounted. The same rule in C: mnt/arrivals.c.
 */
function receivers(i) {
	const from = nodes[i], all = [];
	const walk = from.group === null || from.root.endsWith("//deleted") ? [] : [from.group];
	while (walk.length) {
		const group = groups[walk.pop()];
		for (const k of group.nodes.concat(group.lone)) {
			const rest = nodes[k].dev === from.dev ? behind(from.root, nodes[k].root) : null;
			if (k !== i && rest !== null)
				all.push({i: k, path: nodes[k].target === "/" && rest ? rest : nodes[k].target + rest});
		}
		walk.push(...group.slaves);
	}
	return all;
}

/* The groups that a mount receives from, the nearest first. */
function sources(node) {
	const all = [];
	let group = node.group !== null ? groups[node.group].master : node.master;
	for (; group !== null; group = groups[group].master)
		all.push(groups[group]);
	return all;
}

/* The row that stands for a mount that is folded away. */
function standIn(i) {
	while (!nodes[i].seen && nodes[i].parent !== null)
		i = nodes[i].parent;
	return nodes[i].seen ? nodes[i] : null;
}

function mark(i, kind) {
	const node = standIn(i);
	if (!node)
		return;
	const name = node.i === i ? kind : "holds";
	node.row.classList.add(name);
	lit.push([node.row, name]);
}

function douse() {
	for (const [row, name] of lit)
		row.classList.remove(name);
	lit = [];
	document.body.classList.remove("lit");
	for (const line of $("lines").querySelectorAll(".now"))
		line.remove();
}

function light(i) {
	douse();
	const all = receivers(i), from = sources(nodes[i]);
	document.body.classList.add("lit");
	mark(i, "on");
	for (const one of all)
		mark(one.i, "gets");
	for (const group of from)
		for (const k of group.nodes)
			mark(k, "gives");
	for (const one of all.slice(0, 200))
		draw(i, one.i, groups[nodes[one.i].group ?? nodes[one.i].master].color, "now strong");
	for (const k of from.length ? from[0].nodes.slice(0, 1) : [])
		draw(k, i, from[0].color, "now strong");
	tell(i, all, from);
	return all;
}

/* Where an arrow ends: a row, or a group of which nothing is shown. */
function place(end) {
	if (end >= nodes.length)
		return {x: EDGE, y: EDGE + HEAD + (end - nodes.length) * 34 + 13, w: 200, key: end};
	const node = standIn(end);
	return node && {x: columnX(node.column), y: node.y + ROW / 2, w: COLUMN, key: node.i};
}

function draw(from, to, color, kind) {
	const a = place(from), b = place(to);
	if (!a || !b || a.key === b.key)
		return;
	const right = b.x > a.x, left = b.x < a.x;
	const x1 = left ? a.x : a.x + a.w, x2 = right ? b.x : b.x + b.w;
	const bend = left || right ? GAP / 2 : 26 + Math.min(40, Math.abs(a.y - b.y) / 12);
	const head = right ? -8 : 8, end = x2 + head;
	const path = document.createElementNS(SVG, "path"), tip = document.createElementNS(SVG, "polygon");
	path.setAttribute("d", `M${x1} ${a.y}C${left ? x1 - bend : x1 + bend} ${a.y} ${right ? end - bend : end + bend} ${b.y} ${end} ${b.y}`);
	tip.setAttribute("points", `${x2},${b.y} ${end},${b.y - 4} ${end},${b.y + 4}`);
	for (const part of [path, tip]) {
		part.setAttribute("class", kind);
		part.style.setProperty("--c", color);
		$("lines").append(part);
	}
}

/* Too many arrows would be a gray area: then only those of the mount that is looked at. */
function drawAll() {
	$("lines").replaceChildren();
	$("lines").setAttribute("width", parseInt($("space").style.width, 10));
	$("lines").setAttribute("height", parseInt($("space").style.height, 10));
	const on = $("arrows").getAttribute("aria-pressed") === "true" && values.edges.length <= 1000;
	for (const [from, to, group] of on ? values.edges : [])
		draw(from, to, groups[group].color, "all");
	if (pinned !== null)
		light(pinned);
}

function rest() {
	if (pinned !== null) {
		light(pinned);
	} else {
		douse();
		legend();
	}
}

function pin(i) {
	pinned = i;
	go(i);
	light(i);
}

function makeHubs() {
	for (const hub of hubs) {
		const edge = values.edges.find(([from, to]) => from === hub.i || to === hub.i);
		const group = groups[hub.group ?? edge[2]];
		const box = make("div", {class: "tag master", title: "no member of this group is shown"},
			"shared:" + group.id + (group.members ? ", not shown" : ", not visible"));
		box.style.cssText = `position:absolute;left:${EDGE}px;top:${place(hub.i).y - 12}px;width:200px;line-height:22px;border-radius:12px`;
		box.style.setProperty("--c", group.color);
		$("space").append(box);
	}
}

function step(i, way) {
	for (let k = i + way; k >= 0 && k < nodes.length; k += way)
		if (nodes[k].seen)
			return nodes[k].row.focus();
}

function onKey(event) {
	const row = event.target.closest(".row");
	if (event.key === "/" && event.target !== $("search")) {
		$("search").focus();
	} else if (event.key === "Escape") {
		pinned = null;
		$("search").value = "";
		search("");
		rest();
	} else if (event.key === "Enter" && event.target === $("search") && hits.length) {
		pin(hits[(hits.indexOf(pinned) + 1) % hits.length]);
		$("search").focus();
	} else if (row) {
		const node = nodes[row.dataset.i];
		if (event.key === "ArrowDown" || event.key === "ArrowUp")
			step(node.i, event.key === "ArrowDown" ? 1 : -1);
		else if (event.key === "ArrowRight")
			setFolded(node, false);
		else if (event.key === "ArrowLeft" && (node.folded || !node.kids.length) && node.parent !== null)
			nodes[node.parent].row.focus();
		else if (event.key === "ArrowLeft")
			setFolded(node, true);
		else if (event.key === "Enter" || event.key === " ")
			pin(node.i);
		else
			return;
	} else {
		return;
	}
	event.preventDefault();
}

function start() {
	link();
	makeColumns();
	makeHubs();
	$("sum").textContent = `${nodes.length} in ${columns.length} namespace${columns.length === 1 ? "" : "s"}`;
	$("board").addEventListener("pointerover", (event) => {
		const row = event.target.closest(".row");
		if (row)
			light(Number(row.dataset.i));
	});
	$("board").addEventListener("pointerleave", rest);
	$("board").addEventListener("focusin", (event) => {
		const row = event.target.closest(".row");
		if (row)
			light(Number(row.dataset.i));
	});
	$("board").addEventListener("click", (event) => {
		const row = event.target.closest(".row"), node = row && nodes[row.dataset.i];
		if (node && event.target.closest(".twist"))
			setFolded(node, !node.folded);
		else if (node)
			pin(node.i);
	});
	$("search").addEventListener("input", () => search($("search").value));
	$("fold").addEventListener("click", () => foldAll(true));
	$("unfold").addEventListener("click", () => foldAll(false));
	$("arrows").addEventListener("click", () => {
		$("arrows").setAttribute("aria-pressed", $("arrows").getAttribute("aria-pressed") === "true" ? "false" : "true");
		drawAll();
	});
	$("theme").addEventListener("click", () => {
		const root = document.documentElement.dataset, themes = ["", "light", "dark"];
		root.theme = themes[(themes.indexOf(root.theme || "") + 1) % 3];
	});
	document.addEventListener("keydown", onKey);
	legend();
	arrange();
	/* For a screenshot or a link: #theme=dark, #id=12 in the order of the columns. */
	const want = new URLSearchParams(location.hash.slice(1));
	if (want.get("theme"))
		document.documentElement.dataset.theme = want.get("theme");
	const found = nodes.find((node) => node.id === Number(want.get("id")));
	if (found)
		pin(found.i);
}
start();
