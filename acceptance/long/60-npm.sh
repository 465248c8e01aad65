# npm installs a real package tree, and what it installed works; a second, clean install from its cache is the same.
export npm_config_cache=$CASE_DIR/cache npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
mkdir "$CASE_DIR/project"
cd "$CASE_DIR/project"
cat >package.json <<'JSON'
{"name": "acceptance", "version": "1.0.0", "private": true,
 "dependencies": {"express": "4.19.2", "lodash": "4.17.21", "typescript": "5.4.5", "eslint": "8.57.0", "jest": "29.7.0"}}
JSON
seconds npm install --silent --ignore-scripts
figure "npm install of $(find node_modules -type f | wc -l) files: $took s"
content() { find node_modules -type f ! -name .package-lock.json -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum; }
first=$(content)
outcome "express $(node -p 'require("express/package.json").version') lodash $(node -p 'require("lodash").chunk([1,2,3],2).length') typescript $(node_modules/.bin/tsc --version)"
outcome "binaries $(find node_modules/.bin -type l | LC_ALL=C sort | xargs -n1 readlink | sha256sum)"
cp package-lock.json lock
seconds npm ci --silent --ignore-scripts --prefer-offline
figure "npm ci from the cache: $took s"
equal "$first" "$(content)" 'what npm ci made'
cmp lock package-lock.json
