export default function SegmentView() {
  return <h1>Segment</h1>
}
