# For those who build from source: make, then sudo make install. Packages are made by packaging/build.
PREFIX = /usr/local
DESTDIR =
RID = $(if $(filter aarch64,$(shell uname -m)),linux-arm64,linux-x64)

all:
	"$$(eng/find-dotnet)" publish src/VpnConfinement.Cli -c Release -r $(RID) -o artifacts/bin
	"$$(eng/find-dotnet)" publish src/VpnConfinement.Gate -c Release -r $(RID) -o artifacts/bin

install:
	packaging/stage "$(DESTDIR)" "$(PREFIX)"

.PHONY: all install
