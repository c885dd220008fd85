export default function DatasetView({ path }: { path: string }) {
  return <h1>{path}</h1>
}
