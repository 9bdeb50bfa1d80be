export const dynamic = "force-dynamic";

export function GET() {
  return Response.json({ message: "hello", n: 42 });
}
