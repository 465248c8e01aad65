# A repository of 2,500 files: init, commit, fsck, gc, clone, worktree, and a clean status after all of it.
export HOME=$OUTSIDE GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
repository=$CASE_DIR/repository
git init -q "$repository"
cd "$repository"
for directory in $(seq 50); do
  mkdir -p "src/part$directory"
  for file in $(seq 50); do printf 'file %s of %s\n%s\n' "$file" "$directory" "$RANDOM" >"src/part$directory/file$file.txt"; done
done
seconds git add -A
figure "git add of 2,500 files: $took s"
seconds git commit -qm first
figure "git commit: $took s"
for change in $(seq 20); do echo "change $change" >>"src/part$change/file1.txt"; git commit -qam "change $change"; done
git fsck --full --strict
seconds git gc -q --aggressive --prune=now
figure "git gc: $took s"
git fsck --full --strict
equal '' "$(git status --porcelain)" 'git status'
git clone -q "$repository" "$CASE_DIR/clone"
git worktree add -q "$CASE_DIR/worktree" -b side
diff -r --exclude=.git "$repository" "$CASE_DIR/clone"
diff -r --exclude=.git "$repository" "$CASE_DIR/worktree"
cd "$WORK"
remount
git -C "$repository" fsck --full --strict
equal '' "$(git -C "$repository" status --porcelain)" 'git status after a remount'
