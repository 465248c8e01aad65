# A Maven build of one of our own modules, tests included, with sources and output on the tree.
mkdir "$CASE_DIR/telosfs"
tar -C "$SOURCES" --exclude=./target --exclude='*/target' --exclude=./.git --exclude=./telosfs-data -cf - . | tar -C "$CASE_DIR/telosfs" -xf -
cd "$CASE_DIR/telosfs"
seconds mvn -o -q package -pl vfs
figure "mvn package of module vfs: $took s"
ls -l vfs/target/vfs-*.jar
