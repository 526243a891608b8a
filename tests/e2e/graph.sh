#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns graph: pictures that other programs accept, whatever bytes names are made of; and the page,
# which tries itself in a browser.
. "$(dirname "$0")/../lib/tap.sh"

graph() { "$MNTNS" graph "$@" 2>/dev/null; }
# browser FILE: what the page is after its scripts ran
browser() {
	timeout 240 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync \
		--disable-breakpad --user-data-dir="$(mktemp -d "$work/browser.XXXXXX")" \
		--dump-dom "file://$1#selftest" 2>"$work/browser.err"
}
# The texts of a page's values, as JSON
values='import json,re,sys
page=open(sys.argv[1],"rb").read().decode()
text=re.search("<script id=\"values\" type=\"application/json\">(.*?)</script>",page,re.S).group(1)
assert "<" not in text
json.dump(json.loads(text),sys.stdout)'

# Five thousand mounts: peers, slaves, slaves that share, a slave of a group that nobody is in.
python3 - >"$work/big" <<'P'
print("10 1 8:1 / / rw shared:1 - ext4 /dev/sda rw")
n = 11
for i in range(50):
    top, path = n, f"/srv/{i}"
    print(f"{n} 10 0:{100 + i} / {path} rw shared:{i + 2} - tmpfs pod{i} rw")
    n += 1
    for k in range(99):
        kind = {1: f"master:{i + 2} ", 2: f"shared:{i + 2} ", 3: f"shared:{1000 + i * 99 + k} master:{i + 2} ",
                4: f"master:{9000 + i} "}.get(k % 10, "")
        print(f"{n} {top} 0:{100 + i} / {path}/v{k} rw {kind}- tmpfs v{k} rw")
        n += 1
P
# Whatever can be a file's name, in places where formats look.
cat >"$work/odd" <<'P'
10 1 8:1 / / rw shared:1 - ext4 /dev/sda rw
11 10 0:51 / /a"quote'`\134N<b>&amp;</script><!--]]>;#35;%%{} rw shared:2 - tmpfs <s>"& rw
12 10 0:51 / /new\012line\011tab\033[31mred\001 rw master:2 - tmpfs x rw
13 10 0:51 / /invalid\377\303 rw shared:3 master:2 - tmpfs x rw
14 10 0:51 / /none￾￿é漢 rw master:7 - tmpfs x rw
15 10 0:51 / /end rw master:3 - tmpfs x rw
17 10 0:51 / /style:"classDef:' rw - tmpfs x rw
P
{ printf '16 10 0:52 / /'; printf 'l%.0s' {1..4000}; printf ' rw - tmpfs long rw\n'; } >>"$work/odd"

for case in big odd; do
	for format in svg dot html mermaid; do
		ok "$case as $format" "$MNTNS" graph --from "$work/$case" --format $format
		graph --from "$work/$case" --format $format >"$work/$case.$format"
	done
	ok "$case: the SVG is XML" python3 -c 'import sys,xml.etree.ElementTree as e; e.parse(sys.argv[1])' "$work/$case.svg"
	ok "$case: the page's values are JSON" python3 -c "$values" "$work/$case.html"
	unlike "$case: no control sequence" "$(cat "$work/$case".{svg,dot,html,mermaid})" $'\033|\001'
	browser "$work/$case.html" >"$work/$case.dom"
	like "$case: the page tries itself" "$(cat "$work/$case.dom" "$work/browser.err")" '^selftest passed'
	unlike "$case: nothing fails there" "$(grep '^not ok' "$work/$case.dom")" .
done
like "a row for each of them" "$(grep 'a row for each' "$work/big.dom")" 'ok - a row for each mount: 5001$'
ok "dot draws it" dot -Tsvg -o "$work/odd.dot.svg" "$work/odd.dot"
is "as many nodes as mounts, and a hub" "$(grep -c 'class="node"' "$work/odd.dot.svg")" 9
like "the name stands there as it is" "$(cat "$work/odd.dot.svg")" 'a&quot;quote&#39;`\\N&lt;b&gt;&amp;amp;&lt;/script&gt;'
is "the SVG has a title for each mount" "$(grep -c '<g[^>]*><title>' "$work/odd.svg")" 8
like "invalid bytes are shown" "$(cat "$work/odd.svg")" '>invalid\\377\\303<'
like "what XML lacks, too" "$(cat "$work/odd.svg")" '>none\\357\\277\\276\\357\\277\\277é漢<'
like "a long name is cut" "$(cat "$work/odd.svg")" '>l{48}…<'
like "a group that nobody is in" "$(cat "$work/odd.svg")" 'shared:7, no visible member'

# The page has the rule of what receives a second time, in its own language: for each mount it must
# say what mntns peers says of a mount made on it.
cat >"$work/rule" <<'P'
10 1 8:1 / / rw shared:1 - ext4 a rw
11 10 0:51 / /whole rw shared:2 - tmpfs b rw
12 10 0:51 /sub /narrow rw shared:2 - tmpfs b rw
13 10 0:51 /subway /near rw shared:3 master:2 - tmpfs b rw
14 10 0:51 /sub/deep /deep rw master:2 - tmpfs b rw
15 10 0:51 / /third rw shared:4 master:3 - tmpfs b rw
16 10 0:51 /sub /last rw master:4 - tmpfs b rw
17 10 0:51 /old//deleted /old rw shared:2 - tmpfs b rw
18 10 8:1 / /again rw shared:1 - ext4 a rw
19 10 0:52 / /reused rw shared:2 - tmpfs c rw
20 10 0:51 / /alone rw - tmpfs b rw
P
graph --from "$work/rule" --format html >"$work/rule.html"
cat >>"$work/rule.html" <<'P'
<script>
document.body.append(make("pre", {id: "rule"}, nodes.flatMap((node) =>
	receivers(node.i).map((one) => `rule ${node.id} ${nodes[one.i].id} ${one.path}`)).join("\n") + "\n"));
</script>
P
browser "$work/rule.html" | grep -o 'rule [0-9].*' | sort >"$work/rule.page"
for id in $(awk '{ print $1 }' "$work/rule"); do
	"$MNTNS" peers --from "$work/rule" -n -r -o id,arrives "id:$id" | awk -v id="$id" '$2 { print "rule", id, $1, $2 }'
done | sort >"$work/rule.peers"
is "the page lights what mntns peers names" "$(cat "$work/rule.page")" "$(cat "$work/rule.peers")"
is "where roots differ, are removed, or are another file system's" "$(grep -c . "$work/rule.peers")" 7

# Mermaid: each line is one of a few shapes, and a label has nothing that could end it.
plain='[A-Za-z0-9 /._:,#;-]|[^ -~]'
unlike "Mermaid's lines" "$(LC_ALL=C.UTF-8 grep -vE "^(flowchart LR|	subgraph ns[0-9]+\[\"[^\"]*\"\]|	end|	+n[0-9]+(\[\"($plain)*\"\]|\(\[\"($plain)*\"\]\))|	n[0-9]+ (---|==>) n[0-9]+|	linkStyle [0-9]+ stroke:#[0-9a-f]{6}|	style n[0-9]+ stroke:#[0-9a-f]{6},stroke-width:2px(,fill:#[0-9a-f]{8})?)\$" "$work/odd.mermaid")" .
# Mermaid cuts the last ";" off of what looks like CSS to it, within labels as well.
unlike "no label looks like CSS" "$(grep -E '(style|classDef).*:[^[:space:]]*#.*;' "$work/odd.mermaid")" .
is "arrows: two from 2, one from 3, one from the hub" "$(grep -c '==>' "$work/odd.mermaid")" 4
is "peers have one color" "$(sed -n 's/.*style n[0-9]* stroke:\(#......\).*/\1/p' "$work/odd.mermaid" | sort | uniq -c | awk '{ print $1 }' | sort | xargs)" "1 1 2 2"

# The page goes nowhere: nothing is loaded, nothing is linked.
unlike "the page is self-contained" "$(grep -oE '(src|href)=|https?://[^ "]*|@import|url\(' "$work/odd.html" | grep -v 'http://www.w3.org/2000/svg')" .
like "and has both themes" "$(cat "$work/odd.html")" 'prefers-color-scheme: dark'

# Real namespaces: those that are named, and what is connected to a mount.
mkdir "$work/t"
mount -t tmpfs tree "$work/t"
mount --make-shared "$work/t"
unshare -m --propagation unchanged sh -c 'mount --make-slave "$1/t"; touch "$1/ready"; exec sleep 3600' - "$work" &
pid=$!
until [ -e "$work/ready" ] && [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.01; done
one=$(graph --format dot self)
is "one namespace" "$(grep -c 'subgraph' <<<"$one")" 1
is "has all its mounts" "$(grep -c 'label=.*tooltip' <<<"$one")" "$(wc -l </proc/self/mountinfo)"
two=$(graph -f dot self "$pid" self)
is "two, each once" "$(grep -c 'subgraph' <<<"$two")" 2
is "an arrow to the slave" "$(grep -c 'penwidth' <<<"$two")" 1
of=$(graph --of "$work/t" -f dot)
is "only what is connected" "$(grep -c 'label=.*tooltip' <<<"$of")" 2
is "in two namespaces, as a picture" "$(grep -c 'class="ns"' <(graph --of "$work/t"))" 2
is "of a private mount: itself" "$(graph --of /proc -f dot | grep -c 'label=.*tooltip')" 1
is "the master elsewhere is a hub" "$(graph --of "$work/t" "$pid" -f dot | grep -c 'shared:[0-9]*, not shown')" 1

refused "no such format" 2 "'png': expected dot, html, mermaid or svg" "$MNTNS" graph --format png
refused "no such namespace" 1 'no mount namespace' "$MNTNS" graph nowhere
refused "no such mount" 1 'of: ' "$MNTNS" graph --of "$work/none"
finish
