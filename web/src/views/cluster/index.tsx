export default function ClusterView({ path }: { path: string }) {
  return <h1>{path}</h1>
}
