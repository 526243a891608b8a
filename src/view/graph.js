/* The board: columns of rows, folding, search. Rows have one height, so places are reckoned. */
const values = JSON.parse(document.getElementById("values").textContent);
const $ = (id) => document.getElementById(id);
const ROW = 26, HEAD = 58, COLUMN = 370, GAP = 76, EDGE = 14;
const fields = ["parent", "id", "target", "name", "root", "fstype", "source", "options", "type", "dev",
	"group", "master", "covered"];
const groups = values.groups.map(([id, master, color, members, far], i) =>
	({i, id, master, color, members, far, nodes: [], lone: [], slaves: []}));
const nodes = values.nodes.map((value, i) => {
	const node = {i, kids: [], folded: false, seen: true, below: 0};
	fields.forEach((field, k) => { node[field] = value[k]; });
	return node;
});
const columns = values.ns.map(([label, inode, first, n]) => ({label, inode, first, n}));

function make(tag, attributes, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {}))
		element.setAttribute(name, value);
	element.append(...children);
	return element;
}

function link() {
	columns.forEach((column, k) => {
		for (let i = column.first; i < column.first + column.n; i++)
			nodes[i].column = k;
	});
	for (const node of nodes) {
		node.depth = node.parent === null ? 0 : nodes[node.parent].depth + 1;
		if (node.parent !== null)
			nodes[node.parent].kids.push(node.i);
		if (node.group !== null)
			groups[node.group].nodes.push(node.i);
		else if (node.master !== null)
			groups[node.master].lone.push(node.i);
		node.text = [node.target, node.source, node.fstype, node.type, node.root, "id:" + node.id]
			.join("\n").toLowerCase();
	}
	for (let i = nodes.length; i-- > 0;)
		if (nodes[i].parent !== null)
			nodes[nodes[i].parent].below += nodes[i].below + 1;
	for (const group of groups)
		if (group.master !== null)
			groups[group.master].slaves.push(group.i);
}

function tag(kind, group) {
	const element = make("span", {class: "tag " + kind}, kind + ":" + group.id);
	element.style.setProperty("--c", group.color);
	return element;
}

function tags(node) {
	const all = [];
	if (node.group !== null) {
		all.push(tag("shared", groups[node.group]));
		if (groups[node.group].master !== null)
			all.push(tag("master", groups[groups[node.group].master]));
	} else if (node.master !== null) {
		all.push(tag("master", groups[node.master]));
	}
	return all;
}

/* The end of a path says most: what is in front of it gives way. */
function nameOf(name) {
	const at = name.lastIndexOf("/", name.length - 2);
	const tail = make("span", {class: "tail"}, at > 0 ? name.slice(at) : name);
	return make("span", {class: "name"}, ...(at > 0 ? [make("span", {class: "head"}, name.slice(0, at))] : []), tail);
}

function makeRow(node) {
	const row = make("div", {class: node.covered ? "row covered" : "row", role: "treeitem",
		tabindex: "-1", "data-i": node.i, "aria-level": node.depth + 1, title: node.target});
	const twist = make("button", {class: "twist", type: "button", tabindex: "-1", "aria-hidden": "true"});
	row.style.setProperty("--d", node.depth);
	if (node.group !== null || node.master !== null)
		row.style.setProperty("--c", groups[node.group ?? node.master].color);
	node.more = make("span", {class: "more"});
	row.append(twist, nameOf(node.name), node.more,
		make("span", {class: "type"}, node.fstype), ...tags(node));
	node.twist = twist;
	node.row = row;
	return row;
}

function makeColumns() {
	columns.forEach((column, k) => {
		const about = (column.inode ? "mnt:[" + column.inode + "], " : "") + column.n +
			(column.n === 1 ? " mount" : " mounts");
		const box = make("section", {class: "column", role: "tree", "aria-label": column.label},
			make("h2", {title: column.label}, column.label, make("small", {}, about)));
		const rows = document.createDocumentFragment();
		box.style.left = columnX(k) + "px";
		for (let i = column.first; i < column.first + column.n; i++)
			rows.append(makeRow(nodes[i]));
		box.append(rows);
		$("space").append(box);
		if (column.n)
			nodes[column.first].row.tabIndex = 0;
	});
}

function columnX(k) {
	return EDGE + k * (COLUMN + GAP) + (hubs.length ? 200 + GAP : 0);
}

function showFold(node) {
	const open = !node.folded || query;
	if (!node.kids.length)
		return;
	node.twist.textContent = open ? "▼" : "▶";
	node.more.textContent = open ? "" : "+" + node.below;
	node.row.setAttribute("aria-expanded", String(!!open));
}

/* Preorder: a parent is settled before its children. */
function arrange() {
	let height = 0;
	columns.forEach((column) => {
		let y = EDGE + HEAD;
		for (let i = column.first; i < column.first + column.n; i++) {
			const node = nodes[i], parent = node.parent === null ? null : nodes[node.parent];
			const seen = query ? node.kept : !parent || (parent.seen && !parent.folded);
			if (node.row.hidden === seen)
				node.row.hidden = !seen;
			node.seen = seen;
			node.y = y;
			if (seen)
				y += ROW;
			showFold(node);
		}
		height = Math.max(height, y);
	});
	$("space").style.width = columnX(columns.length) + EDGE + "px";
	$("space").style.height = height + 2 * EDGE + 10 + "px";
	drawAll();
}

function setFolded(node, folded) {
	node.folded = folded && node.kids.length > 0;
	arrange();
}

function foldAll(folded) {
	for (const node of nodes)
		node.folded = folded && node.kids.length > 0 && node.parent !== null;
	arrange();
}

let query = "";
let hits = [];
function search(text) {
	query = text.trim().toLowerCase();
	hits = [];
	for (const node of nodes) {
		const hit = query !== "" && node.text.includes(query);
		node.kept = hit;
		node.row.classList.toggle("hit", hit);
		if (hit)
			hits.push(node.i);
	}
	for (let i = nodes.length; query && i-- > 0;)
		if (nodes[i].kept && nodes[i].parent !== null)
			nodes[nodes[i].parent].kept = true;
	$("found").textContent = query ? hits.length + (hits.length === 1 ? " mount" : " mounts") : "";
	arrange();
}

/* Shows a mount wherever it is folded away, and puts the keyboard on it. */
function go(i) {
	if (query && !nodes[i].seen) {
		$("search").value = "";
		search("");
	}
	for (let k = nodes[i].parent; k !== null; k = nodes[k].parent)
		nodes[k].folded = false;
	arrange();
	nodes[i].row.focus({preventScroll: true});
	nodes[i].row.scrollIntoView({block: "center", inline: "nearest"});
}
