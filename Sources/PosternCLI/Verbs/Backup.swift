internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import SQLStore

/// A copy of the store.
struct Backup: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a consistent copy of the store, also while it is in use.")

  @Argument(help: "The file to write; it must not exist.")
  var file: String
  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Installation(options).openStore().backup(to: URL(fileURLWithPath: file))
    Console.print(options.isJSON ? #"{"done":true}"# : "Wrote \(file).")
  }
}

/// A store from a copy.
struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the store from a copy; it continues where the copy was taken.",
    discussion: """
      What was posted after the copy was taken is not known to it: postings that were due then are \
      looked up in their ERPs before anything is sent.
      """)

  @Argument(help: "The copy.")
  var file: String
  @Flag(help: "Replace a store that is there.")
  var force = false
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let installation = try Installation(options)
    try FileManager.default.createDirectory(
      at: installation.storeFile.deletingLastPathComponent(), withIntermediateDirectories: true)
    try SQLStore.restore(
      from: URL(fileURLWithPath: file), to: installation.storeFile, replacing: force)
    Console.print(options.isJSON ? #"{"done":true}"# : "Restored \(installation.storeFile.path).")
  }
}
