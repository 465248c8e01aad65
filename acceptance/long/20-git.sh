# A repository of 10,000 objects and more, packed, cloned, with worktrees: fsck finds nothing, and a clone has the same
# commits, trees and files.
export HOME=$OUTSIDE GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
export GIT_AUTHOR_DATE='2020-01-01T00:00:00Z' GIT_COMMITTER_DATE='2020-01-01T00:00:00Z'
cd "$CASE_DIR"
git init -q --initial-branch=main repository
cd repository
make_files() { # the same bytes on every run
  for directory in $(seq 80); do
    mkdir -p "src/part$directory"
    for file in $(seq 100); do echo "file $file of $directory" >"src/part$directory/file$file.txt"; done
  done
}
seconds make_files
figure "8,000 files: $took s"
seconds git add -A
figure "git add: $took s"
git commit -qm first
change() {
  for change in $(seq 60); do
    for part in $(seq 20); do echo "change $change" >>"src/part$part/file$change.txt"; done
    git commit -qam "change $change"
  done
}
seconds change
figure "60 commits of 20 files: $took s"
objects=$(git rev-list --objects --all | wc -l)
[ "$objects" -ge 10000 ] || fail "only $objects objects"
git fsck --full --strict
seconds git gc -q --prune=now
figure "git gc: $took s"
git fsck --full --strict
outcome "objects $objects head $(git rev-parse HEAD) tree $(git rev-parse 'HEAD^{tree}')"
seconds git clone -q --no-local . ../clone
figure "git clone: $took s"
git worktree add -q ../worktree -b side HEAD~30
(cd ../worktree && git reset -q --hard main~10 && git rev-parse 'HEAD^{tree}')
outcome "worktree $(git -C ../worktree rev-parse 'HEAD^{tree}') clone $(git -C ../clone rev-parse HEAD)"
outcome "content $(cd ../clone && find . -path ./.git -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)"
git worktree remove ../worktree
equal '' "$(git status --porcelain)" 'git status'
equal '' "$(git -C ../clone status --porcelain)" 'git status of the clone'
