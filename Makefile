# SPDX-License-Identifier: Apache-2.0
# A front for meson: installs what is missing, configures, builds. See HACKING.md.
BUILD ?= build
MESON_FLAGS ?=
DEB ?= $(BUILD)
.PHONY: all demo test faults vm bench study install deb format clean deps

all: $(BUILD)/build.ninja
	@ninja -C $(BUILD) $(NINJA_FLAGS)

$(BUILD)/build.ninja: | deps
	@meson setup $(BUILD) $(MESON_FLAGS)

deps:
	@tools/deps build

demo: all
	@tools/deps demo
	@tools/demo

test: all
	@tools/deps test
	@tools/test

# Every system call of mntns-oci fails once in each way; 1,000 containers, 10,000 cycles, each pair 200 times. See
# tests/faults/oci.sh: about an hour and a half.
faults: all
	@tools/deps test
	@meson configure $(BUILD) -Dunit=true && ninja -C $(BUILD) --quiet
	@status=0; export MNTNS=$(BUILD)/mntns FAULT=$(BUILD)/tests/fault; \
		FAULT_STRIDE=1 tests/faults/oci.sh || status=1; \
		FAULT_STRIDE=1 tests/faults/oci-inside.sh || status=1; \
		STARTS=2000 SWAP=$(BUILD)/tests/swap tests/security/a7-sources.sh || status=1; \
		ALIVE=1000 CYCLES=10000 ROUNDS=200 tests/e2e/oci-state.sh || status=1; exit $$status

# Debian's kernel with cgroup2 alone and every controller, with and without systemd, with AppArmor, with SELinux; with cgroup v1: see tests/vm/run.
vm: all
	@tools/deps vm
	@meson configure $(BUILD) -Dunit=true && ninja -C $(BUILD) --quiet
	@status=0; export BUILD=$(BUILD); tests/vm/run || status=1; tests/vm/run --systemd || status=1; \
		tests/vm/run --selinux || status=1; tests/vm/run --v1 || status=1; exit $$status

bench: all
	@tools/deps bench
	@status=0; bench/run || status=1; bench/see || status=1; bench/model || status=1; \
		bench/oci || status=1; \
		exit $$status

# docs/scale.md and its plot, anew.
study: all
	@bench/study

# DESTDIR=DIR stages, PREFIX=/usr is where things will be (/usr/local).
# A Debian package, in DEB.
deb: all
	@tools/deb $(BUILD) $(DEB)

install: all
	@$(if $(PREFIX),meson configure $(BUILD) --prefix=$(abspath $(PREFIX)) && ninja -C $(BUILD) --quiet)
	@meson install -C $(BUILD) --no-rebuild $(if $(DESTDIR),--destdir $(abspath $(DESTDIR)))
	@$(if $(DESTDIR),,ldconfig || true)

format:
	@tools/format --fix

clean:
	rm -rf build build-*
