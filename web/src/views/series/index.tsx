export default function SeriesView({ path }: { path: string }) {
  return <h1>{path}</h1>
}
