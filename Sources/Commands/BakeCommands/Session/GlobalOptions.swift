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

extension GlobalOptions {
    private static let withValue: Set<String> = ["--store", "-p", "--pipeline", "--as", "--reason"]
    private static let flags: Set<String> = ["--json", "-q", "--quiet", "-v", "--verbose", "--dry-run"]

    /// Words in which the options of every command stand behind the command: `bake --store DIR status` is as good as
    /// `bake status --store DIR`. argument-parser knows options only behind the command that they belong to.
    static func behindCommand(_ words: [String]) -> [String] {
        var leading = 0
        while leading < words.count {
            let name = words[leading].split(separator: "=").first.map(String.init) ?? ""
            if flags.contains(words[leading]) || (withValue.contains(name) && name != words[leading]) {
                leading += 1
            } else if withValue.contains(words[leading]), leading + 1 < words.count {
                leading += 2
            } else {
                break
            }
        }
        guard leading < words.count, !words[leading].hasPrefix("-") else { return words }
        let end = leading + max(1, CommandWords.path(words[leading...]).count)
        return Array(words[leading..<end] + words[..<leading] + words[end...])
    }
}
