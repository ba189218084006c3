internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import StrictJSON

/// Starts an adapter of one's own.
struct NewAdapter: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a first adapter into the configuration folder, ready to be changed.")

  enum Kind: String, ExpressibleByArgument, CaseIterable { case declarative, process, swift }

  @Argument(help: "The adapter's name: lower case letters, digits and hyphens.")
  var name: String
  @Option(help: "declarative (YAML), process (a program of any language) or swift.")
  var kind = Kind.declarative
  @OptionGroup var options: GlobalOptions

  func run() throws {
    guard name.wholeMatch(of: /[a-z][a-z0-9-]{0,62}/) != nil,
      !AdapterCatalog.standard.kinds.contains(where: { $0.name == name })
    else {
      throw ValidationError(
        "A name has lower case letters, digits and hyphens, and is not that of another adapter")
    }
    let root = kind == .swift ? "adapters/\(name)" : options.folder + "/adapters/\(name)"
    guard !FileManager.default.fileExists(atPath: root) else {
      throw ValidationError("\(root) is there already")
    }
    let files: [(name: String, text: String)] =
      switch kind {
      case .declarative: AdapterTemplates.declarative
      case .process: AdapterTemplates.process
      case .swift: AdapterTemplates.swift(name)
      }
    var written: [String] = []
    for file in files {
      let url = URL(fileURLWithPath: root + "/" + file.name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.text.replacing("NAME", with: name).utf8).write(to: url)
      written.append("\(root)/\(file.name)")
    }
    say(written)
  }

  private func say(_ written: [String]) {
    guard options.isJSON else {
      for file in written { Console.print("wrote \(file)") }
      Console.print(next)
      return
    }
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("adapter")
      writer.string(name)
      writer.key("kind")
      writer.string(kind.rawValue)
      writer.key("files")
      writer.array { writer in for file in written { writer.string(file) } }
    }
    Console.print(bytes: writer.bytes)
  }

  private var next: String {
    switch kind {
    case .declarative, .process: return "Next: postern adapters verify \(name)"
    case .swift:
      let module = AdapterTemplates.module(name)
      return """
        Next: one line among the adapters of Package.swift builds and tests it:
            + adapter("\(name)", module: "\(module)", ["HTTPAdapterKit", "HTTPTransport"])
        Once it can post, import \(module) in Sources/PosternCLI/Wiring/AdapterCatalog.swift, and add:
            .overHTTP(\(module).name, \(module).knownKeys) {
              try \(module)(settings: $0, http: $1, now: { WallClock().now })
            },
        """
    }
  }
}
