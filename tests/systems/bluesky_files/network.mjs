// A whole network (directory, account server, view) in one process. Says where it is as one line of JSON and stays until it is ended.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(process.env.BLUESKY_HOME + '/package.json')
const { TestNetwork } = await import(pathToFileURL(require.resolve('@atproto/dev-env')).href)

const network = await TestNetwork.create({
  dbPostgresSchema: 'relais',
  pds: { enableDidDocWithSession: true },
})
const people = {}
for (const name of ['marque', 'amie']) {
  const agent = network.pds.getAgent()
  await agent.createAccount({ handle: `${name}.test`, email: `${name}@example.org`, password: `word-${name}` })
  const { data } = await agent.com.atproto.server.createAppPassword({ name: 'relais' })
  people[name] = { did: agent.session.did, handle: `${name}.test`, password: data.password }
}
await network.processAll()
console.log(JSON.stringify({ ready: true, site: network.pds.url, people }))
