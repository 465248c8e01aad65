# This project is built from its sources, with its local repository on the tree.
repository=$HOME/.m2/repository
[ -d "$repository" ] || fail "no local repository in $repository; build the project once"
mkdir "$CASE_DIR/project"
tar -C "$SOURCES" --exclude=./target --exclude='*/target' --exclude=./.git --exclude=./telosfs-data -cf - . | tar -C "$CASE_DIR/project" -xf -
seconds cp -a "$repository" "$CASE_DIR/repository"
figure "copy of the local repository, $(du -sm "$CASE_DIR/repository" | cut -f1) MiB: $took s"
cd "$CASE_DIR/project"
build() { mvn -q -B -o -Dmaven.repo.local="$CASE_DIR/repository" -DskipTests package; }
seconds build
figure "mvn package: $took s"
test_some() { mvn -q -B -o -Dmaven.repo.local="$CASE_DIR/repository" -pl vfs test; }
seconds test_some
figure "mvn test of one module: $took s"
outcome "classes $(find . -path '*/target/classes/*.class' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)"
outcome "tests $(cat vfs/target/surefire-reports/*.xml | grep -o '<testcase ' | wc -l) failed $(cat vfs/target/surefire-reports/*.xml | grep -c '<failure' || true)"
