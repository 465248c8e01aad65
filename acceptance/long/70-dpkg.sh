# apt-get download and dpkg: packages unpacked, listed and built again.
cd "$CASE_DIR"
chmod 755 .
packages=(coreutils bash perl-base tzdata libc6)
# Without lists of packages there is nothing to download.
ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 || apt-get update -qq
seconds apt-get -o APT::Sandbox::User=root download -qq "${packages[@]}"
figure "apt-get download of ${#packages[@]} packages: $took s"
for package in *.deb; do
  dpkg -x "$package" unpacked
  dpkg -e "$package" "control-${package%%_*}"
done
listed=$(for package in *.deb; do dpkg -c "$package" | sed -n 's/^-.* \(\.\/[^ ]*\).*$/\1/p'; done | LC_ALL=C sort -u | wc -l)
figure "files: $listed"
(cd unpacked && cat ../control-*/md5sums | md5sum -c --quiet -)
outcome "packages $(ls *.deb | sed 's/%3a/:/' | tr '\n' ' ')files $listed"
# Directories that no package lists have the time of unpacking.
outcome "unpacked $(cd unpacked && find . ! -type d -printf '%P %y %m %U %G %l %n %s %T@\n' | LC_ALL=C sort | sha256sum)"
outcome "directories $(cd unpacked && find . -type d -printf '%P %m %U %G\n' | LC_ALL=C sort | sha256sum)"
mkdir -p again/DEBIAN
cp -a unpacked/. again/
cp control-tzdata/control again/DEBIAN/control
dpkg-deb --root-owner-group -Znone -b again again.deb >/dev/null
mkdir third
dpkg -x again.deb third
outcome "built again $(checksums third | sha256sum)"
