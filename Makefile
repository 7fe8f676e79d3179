# make demo    the whole road on real input: a Debian root, nginx, a spec, two promotions and a rollback
# make test    what the tests need, then all of them
# make check   formatter, lint and tests
# make build   the release executable: .build-release/release/bake
# make install PREFIX=/usr/local
# make bench   bake beside its peers: [WORK="W1 W3"] [ROUNDS=5]; needs root, an hour and 3 GB in .build-bench
# make bench-micro   the hot loops beside the bare library calls that bound them

SHELL := /bin/bash
PREFIX ?= /usr/local

# What bake is built with and needs at run time, and what the tests compare with besides: Debian 12 packages.
BUILD_PACKAGES := libgit2-dev libarchive-dev libdeflate-dev libssl-dev libsqlite3-dev libcurl4-openssl-dev libre2-dev \
	zlib1g-dev libyaml-dev pkg-config make g++ git ca-certificates
RUN_PACKAGES := mmdebstrap apt-utils uidmap
TEST_PACKAGES := skopeo umoci podman runc libarchive-tools strace attr acl libcap2-bin faketime sqlite3 jq \
	busybox-static nginx-light docker-registry zstd xz-utils python3 python3-venv openssl qemu-user-static iproute2 openssh-server \
	openssh-client libxml2-utils ruby-serverspec ruby-rspec chromium tini dumb-init runit
# The peers that bake is measured beside; one that is not installed is left out.
BENCH_PACKAGES := faketime pigz libdeflate-tools umoci skopeo buildah casync valgrind sqlite3 python3 gcc libc6-dev
ROUNDS ?= 5
# What a short command waits for is mostly the dynamic linker. No library is looked for beside the executable: there is none, and each
# place costs a system call. libstdc++ is linked in (of a directory that has nothing but its archive), as nothing else needs it.
# Nobody links against bake, so it exports nothing. lld packs the 100,000 places that only need the load address
# (DT_RELR: glibc 2.36 or newer).
STATIC := .build-release/static
RELEASE := --configuration release --static-swift-stdlib --disable-local-rpath -Xswiftc -use-ld=lld \
	-Xlinker -s -Xlinker --no-export-dynamic -Xlinker -z -Xlinker pack-relative-relocs -Xlinker -L$(STATIC) \
	--scratch-path .build-release --product bake
BAKE := .build-release/release/bake

.PHONY: build demo test check format install bench bench-micro packages test-packages bench-packages

build: packages
	@echo "building bake (release, Swift runtime static): 3 to 10 minutes the first time"
	@mkdir -p $(STATIC) && ln -sf "$$(g++ -print-file-name=libstdc++.a)" $(STATIC)/libstdc++.a
	@swift build $(RELEASE) --quiet
	@ls -l $(BAKE) | awk '{ print $$NF, $$5, "bytes" }'

demo: build
	@Pipelines/demo "$(CURDIR)/$(BAKE)"

test: packages test-packages
	@.ci/test

check: packages test-packages
	@echo "swift format lint"
	@swift format lint --strict --recursive Package.swift Sources Tests
	@.ci/test

format:
	@swift format --in-place --recursive Package.swift Sources Tests

bench: build bench-packages
	@python3 Benchmarks/bench.py $(BAKE) $(WORK) --rounds $(ROUNDS)

# Loops are no public names: -enable-testing shows them.
bench-micro: packages
	@swift build --package-path Benchmarks/Micro --scratch-path .build-micro --configuration release \
		--static-swift-stdlib -Xswiftc -enable-testing --quiet
	@.build-micro/release/Micro

install: build
	install -D -m 0755 $(BAKE) $(DESTDIR)$(PREFIX)/bin/bake

packages:
	@.ci/packages $(BUILD_PACKAGES) $(RUN_PACKAGES)

test-packages:
	@.ci/packages $(TEST_PACKAGES)
	@.ci/python-tools

bench-packages:
	@.ci/packages $(BENCH_PACKAGES)
