internal import ArgumentParser
internal import Ledger
internal import Logging
internal import PostingEngine
internal import StrictJSON

enum LogFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

/// Writes log messages to standard error, a line each.
struct StandardErrorLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info
  private let format: LogFormat

  init(format: LogFormat) { self.format = format }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
      .sorted { $0.key < $1.key }
    let now = WallClock().now
    switch format {
    case .text:
      let details = all.map { " \($0.key)=\($0.value)" }.joined()
      Console.error("\(now) \(event.level): \(event.message)\(details)")
    case .json:
      var writer = JSONWriter()
      writer.object { writer in
        writer.key("at")
        writer.string(now.text)
        writer.key("level")
        writer.string(event.level.rawValue)
        writer.key("message")
        writer.string("\(event.message)")
        for (key, value) in all {
          writer.key(key)
          writer.string("\(value)")
        }
      }
      Console.error(writer.text)
    }
  }
}
