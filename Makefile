# What people run. `make help` lists it.
.PHONY: help setup check-setup build test test-real lint bench demo soak crash-test

help:
	@echo "make demo    build and run the main job end to end on this machine (KEEP=1 leaves it running)"
	@echo "make test    build and run every test"
	@echo "make test-real   post a month into a real Tryton server that loses answers; a stock SOAP client (both from PyPI)"
	@echo "make setup   install the system libraries that are missing"
	@echo "make check-setup DEBIAN=/tmp/debian   as root: make demo in a Debian that has none of the packages"
	@echo "make lint    check the formatting"
	@echo "make soak SEEDS=10000   build for release and play so many simulated stories"
	@echo "make crash-test N=1000  kill the service and the mock ERP so many times"
	@echo "make bench   build for release and run the benchmarks of docs/benchmarks.md"

setup:
	@scripts/setup.sh

DEBIAN ?= /tmp/postern-debian
check-setup:
	scripts/check-setup.sh $(DEBIAN)

build: setup
	swift build --build-tests --explicit-target-dependency-import-check error

test: build
	@scripts/test.sh

# A folder of its own, kept: the server is installed once.
test-real: build
	python3 adapters/tryton/real/test.py .build/debug/postern .build-real/tryton
	python3 mock-erp/real/soap_client.py .build/debug/mock-erp .build-real/zeep

lint:
	swift format lint --strict -r Package.swift Sources Tests adapters mock-erp

demo: build
	@KEEP=$(KEEP) scripts/demo.sh

bench: setup
	swift build -c release --product postern
	swift build -c release --product mock-erp
	.build/release/postern bench intake
	.build/release/postern bench rules
	.build/release/postern bench api
	.build/release/postern bench post

SEEDS ?= 10000
soak: setup
	swift build -c release --product postern
	.build/release/postern simulate --seeds 1..$(SEEDS)

N ?= 1000
crash-test: build
	CRASH_ROUNDS=$(N) swift test --skip-build --filter CrashTests
