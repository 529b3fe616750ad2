// Writes the conformance tests of the npm package @bufbuild/cel-spec, which is a JavaScript module, as JSON.
// Usage: node export-cel-spec.mjs FOLDER_OF_NODE_MODULES
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import path from 'node:path'

const require = createRequire(path.join(path.resolve(process.argv[2]), 'package.json'))
const { tests } = await import(pathToFileURL(require.resolve('@bufbuild/cel-spec/testdata/conformance.js')))

const cases = []
for (const file of tests.suites) {
  for (const section of file.suites ?? []) {
    for (const test of section.tests ?? []) {
      cases.push({ file: file.name, section: section.name, test: test.original })
    }
  }
}
process.stdout.write(JSON.stringify(cases))
