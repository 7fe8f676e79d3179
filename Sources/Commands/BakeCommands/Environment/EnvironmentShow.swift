import ArgumentParser
import BakeModel
import BakePipeline
import EnvironmentPromotion

/// `bake env show`.
struct EnvironmentShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake env", commandName: "show", abstract: "Show the policy in force, or what holds for one environment.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("One environment, with every rule.", valueName: "environment"))
    var environment: String?

    func run() throws {
        let session = CommandSession(global)
        let policy = try session.openStore(readOnly: true).promotion.policy()
        if let environment { return try tell(environment, policy, session) }
        if session.options.json {
            return session.console.document([
                "schema": "bake/policy/1", "digest": .string(policy.digest.description), "policy": policy.json,
            ])
        }
        guard policy != .empty else {
            return session.console.note("no environments yet: bake env apply FILE")
        }
        lines(policy).map(TerminalText.escaped).forEach(session.console.result)
    }

    private func lines(_ policy: Policy) -> [String] {
        var table = TextTable()
        for environment in policy.environments {
            let rules = environment.shownRules.map { "\($0.key) \($0.value)" }
            table.add([environment.name.text, rules.joined(separator: "; ")])
        }
        for pipeline in policy.pipelines {
            let rules = [pipeline.origin.map { "origin \($0)" }, pipeline.branch.map { "branch \($0)" }]
            table.add([pipeline.name.text, rules.compactMap(\.self).joined(separator: "; ")])
        }
        let settings = [
            policy.anchor.map { ("anchor", $0.description) }, policy.maxSize.map { ("max_size", Wording.size($0)) },
        ]
        for setting in settings.compactMap(\.self) { table.add([setting.0, setting.1]) }
        for key in policy.builders { table.add([key.name, "builder"]) }
        for person in policy.signers?.people ?? [] {
            table.add([person, policy.operators.contains(person) ? "signs, operator" : "signs"])
        }
        return table.lines
    }

    private func tell(_ text: String, _ policy: Policy, _ session: CommandSession) throws {
        guard let name = EnvironmentName(text), let rules = policy.environment(name) else {
            let known = policy.environments.map(\.name.text)
            throw UnknownReference(
                text: text, why: "the policy names \(known.isEmpty ? "no environment" : known.joined(separator: ", "))",
                hint: Spelling.closest(to: text, in: known).map { "did you mean \($0)?" })
        }
        if session.options.json {
            return session.console.document([
                "schema": "bake/environment/1", "digest": .string(policy.digest.description),
                "environment": rules.json,
            ])
        }
        session.console.result("\(name)  policy \(policy.digest.short)")
        var table = TextTable()
        for rule in rules.shownRules { table.add([rule.key, rule.value]) }
        table.lines.map { "  \(TerminalText.escaped($0))" }.forEach(session.console.result)
    }
}
