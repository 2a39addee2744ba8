/** Makes a PDF of one page with these lines of text: the least that every reader opens. */
export function textPdf(lines: string[]): string {
  const shown = lines.map((line) => `(${escaped(line)}) Tj T*`).join("\n")
  const stream = `BT /F1 11 Tf 16 TL 56 780 Td\n${shown}\nET`
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ]
  let body = "%PDF-1.4\n"
  const offsets = objects.map((object, index) => {
    const offset = body.length
    body += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, "0")} 00000 n \n`
  })
  const size = objects.length + 1
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`
  return `${body}xref\n0 ${size}\n0000000000 65535 f \n${offsets.join("")}${trailer}`
}

/** The standard font has plain letters only, and one byte for each keeps the offsets right. */
function escaped(text: string): string {
  const plain = text
    .replaceAll("×", "x")
    .replaceAll("–", "-")
    .replaceAll(/[^\x20-\x7e]/g, "?")
  return plain.replaceAll(/[\\()]/g, "\\$&")
}
