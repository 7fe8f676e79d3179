import ArgumentParser
import BakeModel

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The store; else $BAKE_STORE, else a directory of the user's.", valueName: "dir"))
    var store: String?

    @Option(name: .shortAndLong, help: "The pipeline that a bare 42 or production belongs to; else $BAKE_PIPELINE.")
    var pipeline: String?

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print the result alone.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Print what the programs of the stages print.")
    var verbose = false

    @Option(help: ArgumentHelp("Who asks: recorded as a claim, beside what was observed.", valueName: "who"))
    var `as`: String?

    @Option(help: ArgumentHelp("Why: recorded.", valueName: "text"))
    var reason: String?

    @Flag(help: "Decide everything and write nothing.")
    var dryRun = false
}
