internal import StrictJSON

/// Rows of one kind, as a table or as `{ "<name>": [ … ] }`.
struct Listing: ~Copyable {
  private let isJSON: Bool
  private let name: String
  private var table: TextTable
  private var writer = JSONWriter()
  private var count = 0

  init(
    _ options: GlobalOptions, _ name: String,
    _ columns: [(title: String, alignment: TextTable.Alignment)]
  ) {
    isJSON = options.isJSON
    self.name = name
    table = TextTable(columns)
    if isJSON {
      writer.beginObject()
      writer.key(name)
      writer.beginArray()
    }
  }

  mutating func add(_ cells: [String], json: (inout JSONWriter) -> Void) {
    count += 1
    if isJSON { json(&writer) } else { table.add(cells) }
  }

  /// Prints the rows.
  ///
  /// - Parameter empty: what is said instead of an empty table.
  mutating func finish(limit: Int? = nil, empty: String? = nil) {
    guard !isJSON else {
      writer.endArray()
      writer.endObject()
      Console.print(bytes: writer.bytes)
      return
    }
    Console.print(count == 0 ? empty ?? "No \(name)." : table.text(width: Console.width))
    if count == limit { Console.print("… the first \(count); --limit shows more.") }
  }
}
