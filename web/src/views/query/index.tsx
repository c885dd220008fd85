export default function QueryView() {
  return <h1>Query</h1>
}
