internal import ArgumentParser
internal import StrictJSON

/// The adapters that connections may name.
struct Adapters: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the adapters that connections may name, with their keys.",
    subcommands: [ListAdapters.self], defaultSubcommand: ListAdapters.self)

  struct ListAdapters: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List adapters and the keys of their connections.")

    @OptionGroup var options: GlobalOptions

    func run() {
      var listing = Listing(
        options, "adapters", [("Adapter", .left), ("Required", .left), ("Keys", .left)])
      for kind in AdapterCatalog.standard.kinds {
        let keys = kind.keys.sorted()
        listing.add(
          [kind.name, kind.required.joined(separator: ", "), keys.joined(separator: ", ")]
        ) { writer in
          writer.object { writer in
            writer.key("adapter")
            writer.string(kind.name)
            writer.key("required")
            writer.array { writer in for key in kind.required { writer.string(key) } }
            writer.key("keys")
            writer.array { writer in for key in keys { writer.string(key) } }
          }
        }
      }
      listing.finish()
    }
  }
}
