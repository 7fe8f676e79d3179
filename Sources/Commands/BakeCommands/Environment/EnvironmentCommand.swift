import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion
import LinuxSystem

/// `bake env`: the policy of the store.
struct EnvironmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Set and show the environments and their gates.",
        subcommands: [EnvironmentApply.self, EnvironmentShow.self])
}

/// `bake env apply FILE`.
struct EnvironmentApply: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Put the policy of a file in force; the old one stays in the ledger.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The policy, in YAML.", valueName: "file"))
    var file: String

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore()
        let policy = try PolicyFile.read(
            try DurableFile.read(session.absolute(file), limit: 1 << 20), file: file)
        let entry = try store.promotion.apply(policy, for: session.request())
        if session.options.json {
            return session.console.document([
                "schema": "bake/policy/1", "digest": .string(policy.digest.description),
                "entry": entry.map(JSON.number) ?? .null, "policy": policy.json,
            ])
        }
        let names = policy.environments.map(\.name.text).joined(separator: ", ")
        let words = entry.map { "entry \($0)" } ?? (session.options.isDryRun ? "dry run" : "in force already")
        session.console.result("\(names)  policy \(policy.digest.short)  \(words)")
    }
}

/// `bake env show`.
struct EnvironmentShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the policy in force.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = CommandSession(global)
        let policy = try session.openStore(readOnly: true).promotion.policy()
        if session.options.json {
            return session.console.document([
                "schema": "bake/policy/1", "digest": .string(policy.digest.description), "policy": policy.json,
            ])
        }
        guard policy != .empty else {
            return session.console.note("no environments yet: bake env apply FILE")
        }
        var table = TextTable()
        for environment in policy.environments {
            table.add([
                environment.name.text, environment.after.map { "after \($0)" } ?? "",
                environment.auto.isEmpty ? "" : "auto \(environment.auto.map(\.text).joined(separator: ", "))",
            ])
        }
        for pipeline in policy.pipelines {
            table.add([
                pipeline.name.text, pipeline.origin.map { "origin \($0)" } ?? "",
                pipeline.branch.map { "branch \($0)" } ?? "",
            ])
        }
        table.lines.map(TerminalText.escaped).forEach(session.console.result)
    }
}
