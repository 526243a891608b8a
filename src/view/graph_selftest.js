/* With #selftest the page tries itself, on what it shows, and writes how it went. */
function selftest() {
	const out = make("pre", {id: "selftest"}), lines = [];
	const check = (name, good) => lines.push((good ? "ok" : "not ok") + " - " + name);
	const shown = () => nodes.filter((node) => !node.row.hidden).length;
	const parent = nodes.find((node) => node.kids.length > 0);
	const sharing = nodes.find((node) => receivers(node.i).length > 0);

	check("a row for each mount: " + nodes.length, document.querySelectorAll(".row").length === nodes.length);
	foldAll(false);
	check("all are shown", shown() === nodes.length);
	if (parent) {
		parent.twist.click();
		check("folding hides what is below", shown() === nodes.length - parent.below && parent.row.getAttribute("aria-expanded") === "false");
		parent.twist.click();
		check("and unfolding shows it", shown() === nodes.length);
	}
	const last = nodes[nodes.length - 1];
	const before = performance.now();
	$("search").value = "id:" + last.id;
	$("search").dispatchEvent(new Event("input"));
	check("search finds", hits.includes(last.i) && last.seen && !last.row.hidden && last.row.classList.contains("hit"));
	check("and shows nothing but hits and what is above them", shown() < nodes.length || nodes.length < 3);
	$("search").value = "";
	$("search").dispatchEvent(new Event("input"));
	check("an empty search shows all", shown() === nodes.length);
	const middle = performance.now();
	if (sharing) {
		sharing.row.dispatchEvent(new PointerEvent("pointerover", {bubbles: true}));
		const marked = document.querySelectorAll(".row.gets").length;
		check("hover lights what receives: " + marked, marked === receivers(sharing.i).length && sharing.row.classList.contains("on"));
		$("board").dispatchEvent(new PointerEvent("pointerleave"));
		check("and then no more", document.querySelectorAll(".row.gets").length === 0);
		sharing.row.dispatchEvent(new FocusEvent("focusin", {bubbles: true}));
		check("the keyboard does the same", document.querySelectorAll(".row.gets").length === marked);
		rest();
	}
	lines.push("# search " + Math.round(middle - before) + " ms, hover " + Math.round(performance.now() - middle) + " ms");
	lines.push(lines.some((line) => line.startsWith("not ok")) ? "selftest failed" : "selftest passed");
	out.textContent = lines.join("\n");
	document.body.append(out);
}
if (location.hash === "#selftest")
	selftest();
