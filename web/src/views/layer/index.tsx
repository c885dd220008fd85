export default function LayerView({ path }: { path: string }) {
  return <h1>{path}</h1>
}
