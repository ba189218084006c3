import Foundation
public import HTTPTransport
public import Ledger

extension HTTPResponse {
  /// A recorded answer: a status, header lines, an empty line and the body, in which `{key}` stands for
  /// the key.
  ///
  /// - Throws: where the file cannot be read; `NSFileReadCorruptFileError` for one without a status.
  public init(recordedAt path: String, key: PostingKey) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let parts = text.components(separatedBy: "\n\n")
    let lines = parts[0].components(separatedBy: "\n")
    guard let status = Int(lines[0]) else { throw CocoaError(.fileReadCorruptFile) }
    self.init(status: status)
    for line in lines.dropFirst() where !line.isEmpty {
      let field = line.components(separatedBy: ": ")
      headers.add(field[0], field.dropFirst().joined(separator: ": "))
    }
    let content = parts.dropFirst().joined(separator: "\n\n")
      .replacingOccurrences(of: "{key}", with: key.text)
    body = [UInt8](content.utf8)
  }
}
