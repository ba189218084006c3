internal import Ledger
internal import PostingEngine
internal import StrictJSON

/// How many documents, postings and exceptions stand where.
struct StatusReport {
  private let counts: [StoreCount]

  init(_ counts: [StoreCount]) { self.counts = counts }

  var openExceptions: Int {
    counts.filter { $0.kind == .exception && $0.state == ExceptionState.open.rawValue }
      .reduce(0) { $0 + $1.count }
  }

  var text: String {
    var table = TextTable([
      ("Entity", .left), ("Connection", .left), ("What", .left), ("State", .left),
      ("Count", .right),
    ])
    for count in counts where count.kind != .entry {
      table.add([
        count.entity.code, count.connection?.code ?? "", "\(count.kind.rawValue)s", count.state,
        String(count.count),
      ])
    }
    return table.isEmpty ? "Nothing is here yet." : table.text(width: Console.width)
  }

  var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("counts")
      writer.array { writer in
        for count in counts {
          writer.object { writer in
            writer.key("what")
            writer.string(count.kind.rawValue)
            writer.key("entity")
            writer.string(count.entity.code)
            if let connection = count.connection {
              writer.key("connection")
              writer.string(connection.code)
            }
            writer.key("state")
            writer.string(count.state)
            writer.key("count")
            writer.number(count.count)
          }
        }
      }
      writer.key("openExceptions")
      writer.number(openExceptions)
    }
    return writer.bytes
  }
}
