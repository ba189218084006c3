internal import AdapterKit
internal import ArgumentParser
internal import StrictJSON

/// The adapters that connections may name.
struct Adapters: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the adapters that connections may name, with their keys.",
    subcommands: [ListAdapters.self, NewAdapter.self, VerifyAdapter.self, DescribeAdapter.self],
    defaultSubcommand: ListAdapters.self)

  struct ListAdapters: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List adapters and the keys of their connections.")

    @OptionGroup var options: GlobalOptions

    @Flag(help: "Print what each can do as the table of docs/adapters.md.")
    var matrix = false

    func run() throws {
      guard !matrix else {
        Console.print(try AdapterMatrix.markdown(AdapterCatalog.standard))
        return
      }
      var listing = Listing(
        options, "adapters",
        [("Adapter", .left), ("Required", .left), ("Keys", .left), ("To know", .left)])
      for kind in AdapterCatalog.standard.kinds {
        let keys = kind.keys.sorted()
        let adapter = try ExampleConnection(kind).adapter()
        let hints = adapter.descriptor.hints(adapter.capabilities)
        listing.add(
          [
            kind.name, kind.required.joined(separator: ", "), keys.joined(separator: ", "),
            hints.joined(separator: " "),
          ]
        ) { writer in
          writer.object { writer in
            writer.key("adapter")
            writer.string(kind.name)
            writer.key("required")
            writer.array { writer in for key in kind.required { writer.string(key) } }
            writer.key("keys")
            writer.array { writer in for key in keys { writer.string(key) } }
            writer.key("capabilities")
            writer.array { writer in
              for name in adapter.capabilities.map(\.rawValue).sorted() { writer.string(name) }
            }
            writer.key("hints")
            writer.array { writer in for hint in hints { writer.string(hint) } }
          }
        }
      }
      listing.finish()
    }
  }
}
