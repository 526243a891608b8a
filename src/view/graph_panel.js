/* What stands beside the board: facts about one mount, or the list of groups. */
function list(title, items) {
	const ul = make("ul", {});
	for (const {i, path, color} of items.slice(0, 300)) {
		const button = make("button", {type: "button"}, path,
			make("small", {}, columns[nodes[i].column].label));
		button.style.setProperty("--c", color);
		button.addEventListener("click", () => pin(i));
		ul.append(make("li", {}, button));
	}
	const rest = items.length > 300 ? [make("p", {}, items.length - 300 + " more")] : [];
	return [make("h4", {}, title), ul, ...rest];
}

function tell(i, all, from) {
	const node = nodes[i], dl = make("dl", {});
	for (const [name, text] of [["in", columns[node.column].label], ["id", node.id], ["root", node.root],
		["type", node.fstype], ["source", node.source], ["options", node.options],
		["passes on", node.type], ["state", node.covered ? "covered by another mount" : ""]])
		if (text !== "")
			dl.append(make("dt", {}, name), make("dd", {}, String(text)));
	const color = (k) => groups[nodes[k].group ?? nodes[k].master].color;
	const arrive = all.map((one) => ({...one, color: color(one.i)}));
	const upward = from.flatMap((group) => group.nodes.map((k) => ({i: k, path: nodes[k].target, color: group.color})));
	const lost = from.filter((group) => !group.nodes.length).map((group) =>
		make("p", {}, "It receives from group " + group.id + ", of which " + (group.members ? "no member is shown." : "no member is visible.")));
	$("panel").replaceChildren(make("h3", {}, node.target), dl,
		...(all.length ? list("A mount made here arrives at " + all.length + (all.length === 1 ? " place" : " places"), arrive)
			: [make("h4", {}, "A mount made here stays here")]),
		...(upward.length ? list("It receives mounts from", upward) : []), ...lost);
}

function legend() {
	const shown = groups.filter((group) => group.nodes.length + group.lone.length)
		.sort((a, b) => b.nodes.length + b.lone.length - a.nodes.length - a.lone.length);
	const items = shown.map((group) => {
		const i = group.nodes[0] ?? group.lone[0];
		return {i, color: group.color, path: `shared:${group.id} - ${group.nodes.length} ` +
			`${group.nodes.length === 1 ? "peer" : "peers"}, ${group.lone.length} lone ${group.lone.length === 1 ? "slave" : "slaves"}`};
	});
	$("panel").replaceChildren(make("h3", {}, "Propagation"),
		make("p", {}, "Point at a mount, or move to it with the arrow keys: everything that would receive a mount made there lights up. Click keeps it, Esc lets go."),
		make("p", {}, "A filled tag is a peer group, a dashed one the group that is received from. Arrows lead from masters to slaves."),
		...(items.length ? list("Peer groups", items) : [make("p", {}, "All mounts are private.")]));
}
