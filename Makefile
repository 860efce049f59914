# For those who build from source: make, then sudo make install. Packages are made by packaging/build.
PREFIX = /usr/local
DESTDIR =
RID = $(if $(filter aarch64,$(shell uname -m)),linux-arm64,linux-x64)

all:
	@dotnet=$$(eng/find-dotnet) || { \
		echo "The .NET SDK that global.json names is not here: https://dotnet.microsoft.com/download" >&2; exit 1; }; \
	for program in Cli Gate; do \
		"$$dotnet" publish src/VpnConfinement.$$program -c Release -r $(RID) -o artifacts/bin || exit 1; \
	done

install:
	packaging/stage "$(DESTDIR)" "$(PREFIX)"

.PHONY: all install
