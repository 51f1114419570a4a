# tokpipe: make, make check, make check-cluster, make lint, make install PREFIX= DESTDIR=, make uninstall, make deb, make SAN=1
#
# One program = src/NAME.c + src/NAME.1; what several need is a module in src/lib, all of
# which make one archive.  The lines under "who needs what" are the dependency diagram.

VERSION = 0.1.0
PREFIX = /usr/local
CC = gcc
OPT = -O2 -g
# What is done for each line of input is many small calls: an eighth of pctl's time.  Of clang it needs a linker's plugin.
LTO = $(if $(findstring gcc,$(CC)),-flto=auto)
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla
CFLAGS = $(OPT) $(LTO) $(WARN)

# SAN=1 builds everything a second time, beside the plain build, under ASan and UBSan.
ifeq ($(SAN),1)
B = build/san
BIN = build/san/bin
SANFLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LTO =
else
B = build/plain
BIN = bin
endif

ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Isrc $(CPPFLAGS) $(CFLAGS) $(SANFLAGS)
PROGRAMS = $(patsubst src/%.c,%,$(wildcard src/*.c))
MODULES = $(patsubst src/lib/%.c,$(B)/lib/%.o,$(wildcard src/lib/*.c))
LIB = $(B)/libtokpipe.a
UNITS = $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/*.c))

all: $(PROGRAMS:%=$(BIN)/%) $(BIN)/tokpipe

# who needs what
$(BIN)/yaml2json: LDLIBS = -lyaml -lm
$(BIN)/genload: LDLIBS = -ljansson -lgsl -lgslcblas -lm
$(BIN)/sendreq: LDLIBS = -lcurl -levent -lz -lm
$(BIN)/tokview: LDLIBS = -lm
$(BIN)/tokstat: LDLIBS = -ljansson -lpcre2-8 -lm
$(BIN)/pctl: LDLIBS = -lgsl -lgslcblas -lm
$(BIN)/runsum: LDLIBS = -ljansson -lgsl -lgslcblas -lm
$(BIN)/runcmp: LDLIBS = -ljansson -lgsl -lgslcblas -lm
$(BIN)/costcalc: LDLIBS = -lyaml -ljansson -lm
$(BIN)/gpusample: LDLIBS = -lcurl -lm
$(BIN)/muster: LDLIBS = -lm
$(BIN)/llmsim: LDLIBS = -levent -ljansson -lpcre2-8 -lgsl -lgslcblas -lm
$(UNITS): LDLIBS = -lcmocka -lyaml -ljansson -lpcre2-8 -lcurl -levent -lz -lgsl -lgslcblas -lm

$(BIN)/%: $(B)/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS)

$(BIN)/tokpipe:
	@mkdir -p $(@D)
	ln -sfr scripts/tokpipe.sh $@

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(MODULES)
	rm -f $@
	$(AR) rcs $@ $(MODULES)

$(B)/unit/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS)

# What sendreq is measured against: the least that a client can do, and the most that it can be sent.
PERF_PROGRAMS = $(patsubst tests/perf/%.c,$(B)/perf/%,$(wildcard tests/perf/*.c))

units: $(UNITS) $(PERF_PROGRAMS)

$(B)/perf/%: tests/perf/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(LIB) -lm

perf-programs: $(PERF_PROGRAMS)

# Each tests/fuzz/NAME.c runs FUZZ_TIME seconds from its seeds in tests/fuzz/corpus/NAME, with the words of
# tests/fuzz/NAME.dict; what it learns stays in build/fuzz/corpus, a failing input in build/fuzz.
FUZZ_TIME = 60
FUZZERS = $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
FUZZ_FLAGS = -max_total_time=$(FUZZ_TIME:s=) -max_len=4096 -timeout=10 -verbosity=0 -print_final_stats=1
ifneq ($(FUZZ),)
$(B)/fuzz/%: tests/fuzz/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -MMD -MP $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS)
$(FUZZERS:%=$(B)/fuzz/%): LDLIBS = -ljansson -lpcre2-8 -lcurl -lgsl -lgslcblas -lm
endif

fuzz:
	$(MAKE) FUZZ=1 CC=clang B=build/fuzz SANFLAGS="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all" \
		$(FUZZERS:%=build/fuzz/fuzz/%)
	set -e; for f in $(FUZZERS); do \
		mkdir -p build/fuzz/corpus/$$f; \
		build/fuzz/fuzz/$$f $(FUZZ_FLAGS) -dict=tests/fuzz/$$f.dict -artifact_prefix=build/fuzz/$$f- build/fuzz/corpus/$$f tests/fuzz/corpus/$$f; \
	done

check:
	./tests/run.sh

# On a Kubernetes of our own, brought up for it: root only, minutes to build the first time.
check-cluster:
	./tests/run.sh cluster

lint:
	./tests/lint.sh

perf: all perf-programs
	./tests/perf/run.sh

# The tree that the scripts need goes to share/tokpipe as it is, with the filters' names in its bin, and
# a file that says the version: without a Makefile nothing there tries to build.
TREE = bench.sh run.sh e2e.sh scripts scenarios templates setup
DEST = $(DESTDIR)$(PREFIX)
SHARE = $(DEST)/share

install: all
	install -d $(DEST)/bin $(SHARE)/man/man1 $(SHARE)/man/man7 $(SHARE)/tokpipe/bin $(SHARE)/doc/tokpipe
	install -m 755 $(PROGRAMS:%=$(BIN)/%) $(DEST)/bin
	install -m 644 src/*.1 $(SHARE)/man/man1
	install -m 644 src/*.7 $(SHARE)/man/man7
	install -m 644 README.md docs/*.md $(SHARE)/doc/tokpipe
	set -e; for f in $$(find $(TREE) -type f ! -name '.*' ! -name '*.pyc'); do \
		mode=644; [ ! -x "$$f" ] || mode=755; \
		install -D -m $$mode "$$f" $(SHARE)/tokpipe/"$$f"; \
	done
	for p in $(PROGRAMS); do ln -sf ../../../bin/$$p $(SHARE)/tokpipe/bin/$$p || exit; done
	ln -sf ../share/tokpipe/scripts/tokpipe.sh $(DEST)/bin/tokpipe
	echo $(VERSION) >$(SHARE)/tokpipe/version
	chmod 644 $(SHARE)/tokpipe/version
	install -D -m 644 completions/tokpipe.bash $(SHARE)/bash-completion/completions/tokpipe
	for p in $(PROGRAMS); do ln -sf tokpipe $(SHARE)/bash-completion/completions/$$p || exit; done
	install -D -m 644 completions/_tokpipe $(SHARE)/zsh/site-functions/_tokpipe

uninstall:
	rm -rf $(SHARE)/tokpipe $(SHARE)/doc/tokpipe
	rm -f $(PROGRAMS:%=$(DEST)/bin/%) $(DEST)/bin/tokpipe $(SHARE)/zsh/site-functions/_tokpipe
	rm -f $(patsubst src/%,$(SHARE)/man/man1/%,$(wildcard src/*.1)) $(patsubst src/%,$(SHARE)/man/man7/%,$(wildcard src/*.7))
	rm -f $(PROGRAMS:%=$(SHARE)/bash-completion/completions/%) $(SHARE)/bash-completion/completions/tokpipe

# A Debian package, in build/deb; what it needs is in setup/packages ("test").
deb:
	rm -rf build/deb
	mkdir -p build/deb/tokpipe-$(VERSION)
	cp -a Makefile LICENSE README.md bench.sh run.sh e2e.sh completions debian docs scenarios scripts setup src templates build/deb/tokpipe-$(VERSION)
	cd build/deb/tokpipe-$(VERSION) && dpkg-buildpackage --no-sign --jobs=auto

clean:
	rm -rf build bin

-include $(wildcard $(B)/*.d $(B)/lib/*.d $(B)/unit/*.d $(B)/perf/*.d)

.PHONY: all units perf-programs fuzz check check-cluster lint perf install uninstall deb clean
.SECONDARY:
