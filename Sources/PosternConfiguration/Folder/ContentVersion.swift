import Digest

/// The address of rules by their content: the same for the same rules, whatever their layout.
///
/// Comments, blank lines, quotes and the order of keys do not count; the order of rows does.
struct ContentVersion {
  private let digest = SHA256()

  /// Adds a file.
  func add(_ value: YAMLValue, named name: String, without keys: Set<String> = []) {
    add("file", name)
    add(value, without: keys)
  }

  /// `sha256:` and 64 hexadecimal digits.
  func finish() -> String { "sha256:" + digest.finish().hex }

  /// Every text goes in behind its length, so that no two contents give the same bytes.
  private func add(_ kind: String, _ text: String) {
    digest.update("\(kind) \(text.utf8.count) ".utf8)
    digest.update(text.utf8)
  }

  private func add(_ value: YAMLValue, without keys: Set<String> = []) {
    switch value.content {
    case .empty: add("empty", "")
    case .text(let text, _): add("text", text)
    case .list(let values):
      add("list", String(values.count))
      for element in values { add(element) }
    case .table(let fields):
      let fields = fields.filter { !$0.value.isEmpty && !keys.contains($0.key) }
        .sorted { $0.key < $1.key }
      add("table", String(fields.count))
      for field in fields {
        add("key", field.key)
        add(field.value)
      }
    }
  }
}
