import Ledger
import StrictJSON

/// One pass over one document, and the faults it met. Values that are absent or wrong come back as
/// nil; what is wrong is noted once, where it is read.
struct DocumentReading {
  let json: BorrowedJSON
  let options: DocumentReader.Options
  let isStored: Bool
  private(set) var problems: [Problem] = []

  var type: DocumentType?
  /// Empty until it was read.
  var source = ""
  var id: String?
  /// nil until it was read, and when it is unknown: amounts are then checked for their form alone.
  var currency: Currency?

  /// A document with more faults is cut short: whoever sends so many reads the first.
  static let maximumProblems = 1_000

  init(json: BorrowedJSON, options: DocumentReader.Options, isStored: Bool) {
    self.json = json
    self.options = options
    self.isStored = isStored
  }

  // MARK: Noting faults

  mutating func note(_ code: String, at pointer: String, _ detail: String, fix: String) {
    guard problems.count < DocumentReading.maximumProblems else { return }
    problems.append(Problem(code: code, pointer: pointer, detail: detail, fix: fix))
  }

  /// Notes a fault of the value at `node`; its pointer is found only then.
  mutating func note(_ code: String, at node: Int, _ detail: String, fix: String) {
    guard problems.count < DocumentReading.maximumProblems else { return }
    note(code, at: json.pointer(to: node), detail, fix: fix)
  }

  mutating func noteWrongType(at node: Int, expected: String) {
    note(
      "wrong_type", at: node, "Expected \(expected), found \(json.kind(node).name)",
      fix: json.kind(node) == .null ? "Leave the field out, or give it a value" : "Send \(expected)"
    )
  }

  // MARK: Objects and arrays

  /// The members of an object; those that it may not have are noted. nil when it is no object.
  mutating func fields<F: Field>(of node: Int, _ fields: F.Type) -> Slots<F>? {
    guard json.kind(node) == .object else {
      noteWrongType(at: node, expected: "an object")
      return nil
    }
    var slots = Slots<F>()
    let table = F.table
    let end = json.next(node)
    var key = json.first(node)
    var hint = 0
    while key < end {
      let index =
        json.nodes[key].hasEscapes
        ? table.texts.firstIndex(of: json.text(key))
        : table.index(of: json.written(key), hint: hint)
      if let index {
        slots.set(index, to: key + 1)
        hint = index + 1
      } else {
        noteUnknown(key)
      }
      key = json.next(key + 1)
    }
    return slots
  }

  mutating func noteUnknown(_ key: Int) {
    note(
      "unknown_field", at: key + 1, "There is no field \"\(json.text(key))\" here",
      fix: "Correct its name, leave it out, or carry it under custom")
  }

  /// The node of a field that has to be there; nil after noting that it is missing.
  mutating func required<F: Field>(_ field: F, _ slots: Slots<F>, in object: Int) -> Int? {
    if let node = slots[field] { return node }
    noteMissing(F.table.texts[field.rawValue], in: object)
    return nil
  }

  mutating func noteMissing(_ name: String, in object: Int) {
    note(
      "missing_field", at: json.pointer(to: object) + "/" + name, "\(name) is missing",
      fix: "Give \(name) a value")
  }

  /// Reads every element of an array; nil for an absent field and when it is no array.
  @inline(__always)
  mutating func list<Element>(
    _ node: Int?, limit: Int, _ read: (inout DocumentReading, Int) -> Element?
  ) -> [Element]? {
    guard let node else { return nil }
    guard json.kind(node) == .array else {
      noteWrongType(at: node, expected: "an array")
      return nil
    }
    let count = json.count(node)
    guard count <= limit else {
      note(
        "too_large", at: node, "The list has \(count) elements; \(limit) are allowed",
        fix: "Split the document, or raise the limit in the configuration")
      return nil
    }
    var result: [Element] = []
    result.reserveCapacity(count)
    let end = json.next(node)
    var element = json.first(node)
    while element < end {
      if let value = read(&self, element) { result.append(value) }
      element = json.next(element)
    }
    return result
  }

  /// ``list(_:limit:_:)`` of a field that has to be there and not be empty.
  @inline(__always)
  mutating func nonEmptyList<Element>(
    _ node: Int?, limit: Int, of things: String, _ read: (inout DocumentReading, Int) -> Element?
  ) -> [Element]? {
    guard let node else { return nil }
    if json.kind(node) == .array, json.next(node) == node + 1 {
      note("missing_field", at: node, "The list is empty", fix: "Give one of the \(things) or more")
    }
    return list(node, limit: limit, read)
  }
}
