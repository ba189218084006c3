internal import Ledger
internal import PosternService
internal import PostingEngine
internal import StrictJSON

/// Prints verdicts as they come: as one JSON value, or for people only what needs them, and totals.
struct VerdictListing {
  private(set) var totals = VerdictTotals()
  private let isJSON: Bool
  private var count = 0
  private var progress = Progress("documents")

  init(_ options: GlobalOptions) {
    isJSON = options.isJSON
    if isJSON { Console.write(#"{"documents":["#) }
  }

  mutating func add(_ verdicts: [Verdict], from file: String) {
    for verdict in verdicts {
      totals.count(verdict)
      count += 1
      if isJSON {
        var writer = JSONWriter()
        writer.write(verdict)
        Console.write((count == 1 ? "" : ",") + writer.text)
      } else {
        show(verdict, from: file)
      }
    }
    progress.show(count)
  }

  func finish() {
    progress.finish()
    if isJSON {
      var writer = JSONWriter()
      writer.write(totals)
      Console.write(#"],"totals":"# + writer.text + "}\n")
    } else {
      let parts = Verdict.Kind.allCases.compactMap { kind in
        totals[kind] > 0 ? "\(totals[kind]) \(kind.rawValue)" : nil
      }
      Console.print(
        "\(totals.sum) document\(totals.sum == 1 ? "" : "s"): "
          + (parts.isEmpty ? "none" : parts.joined(separator: ", ")))
    }
  }

  private func show(_ verdict: Verdict, from file: String) {
    let title = verdict.name ?? file
    if let waiting = verdict.waiting { Console.print("\(title): waiting. \(waiting)") }
    guard verdict.kind != .accepted, verdict.kind != .repeat else { return }
    Console.print("\(title): \(verdict.kind.rawValue)")
    for error in verdict.errors {
      Console.print(
        "  \(error.pointer.isEmpty ? "/" : error.pointer) \(error.code): \(error.detail)")
      Console.print("    fix: \(error.fix)")
    }
    for exception in verdict.exceptions {
      Console.print("  \(exception.exceptionClass): \(exception.cause)")
      Console.print("    fix: \(exception.fix)")
    }
  }
}

extension Verdict {
  /// What a person calls the document; nil where it says too little of itself.
  var name: String? {
    guard let source, let type, let id else { return nil }
    return "\(source)/\(type.rawValue)/\(id)"
  }
}
