// Writes what GitHub's OpenAPI says of the paths that annexa uses, for each of its editions, as JSON Schemas:
// { edition: { paths: [{ method, path, request, responses: { status: schema } }], schemas } }.
// Usage: node export-openapi.mjs FOLDER_OF_NODE_MODULES
import { readFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.join(path.resolve(process.argv[2]), 'node_modules/@octokit/openapi/generated')
const editions = { dotcom: 'api.github.com', 'ghes-3.17': 'ghes-3.17' }
const repo = '/repos/{owner}/{repo}'
const used = [
  `get ${repo}/pulls`, `get ${repo}/pulls/{pull_number}`,
  `get ${repo}/pulls/{pull_number}/comments`, `post ${repo}/pulls/{pull_number}/comments`,
  `get ${repo}/pulls/{pull_number}/reviews`, `post ${repo}/pulls/{pull_number}/reviews`,
  `patch ${repo}/pulls/comments/{comment_id}`,
  `get ${repo}/issues/{issue_number}/comments`, `post ${repo}/issues/{issue_number}/comments`,
  `patch ${repo}/issues/comments/{comment_id}`, `delete ${repo}/issues/comments/{comment_id}`,
  `get ${repo}/commits/{commit_sha}/pulls`, `get ${repo}/commits/{ref}/check-runs`,
  `post ${repo}/check-runs`, `get ${repo}/check-runs/{check_run_id}`, `patch ${repo}/check-runs/{check_run_id}`,
  'get /user',
]

const result = {}
for (const [edition, file] of Object.entries(editions)) {
  const spec = JSON.parse(readFileSync(path.join(folder, `${file}.json`), 'utf8'))
  const schemas = {}
  const at = (ref) => ref.slice(2).split('/').reduce((node, key) => node[key], spec)

  // OpenAPI 3.0 says `nullable` beside a type; JSON Schema says that null is one of the types.
  const convert = (node) => {
    if (Array.isArray(node)) return node.map(convert)
    if (node === null || typeof node !== 'object') return node
    if ('$ref' in node) {
      const name = node.$ref.split('/').pop()
      if (!(name in schemas)) {
        schemas[name] = true
        schemas[name] = convert(at(node.$ref))
      }
      return { $ref: `#/schemas/${name}` }
    }
    const { nullable, example, examples, ...rest } = node
    const converted = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, convert(value)]))
    return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted
  }
  const content = (holder) => {
    const found = holder && '$ref' in holder ? at(holder.$ref) : holder
    const schema = found?.content?.['application/json']?.schema
    return schema ? convert(schema) : null
  }

  const paths = used.map((line) => {
    const [method, route] = line.split(' ')
    const operation = spec.paths[route]?.[method]
    if (!operation) throw new Error(`${edition} has no ${line}`)
    const responses = Object.fromEntries(Object.entries(operation.responses).map(([status, r]) => [status, content(r)]))
    return { method: method.toUpperCase(), path: route, request: content(operation.requestBody), responses }
  })
  result[edition] = { paths, schemas }
}
process.stdout.write(JSON.stringify(result))
