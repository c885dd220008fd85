export default function ClusteringView({ path }: { path: string }) {
  return <h1>{path}</h1>
}
