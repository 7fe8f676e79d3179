import ArgumentParser
import BakeModel
import BakePipeline
import LayerBuild

/// `bake doctor`: what this machine lacks, and how to get it.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "doctor", abstract: "Show what this machine lacks for a bake, and how to get it.",
        discussion: """
            ok: there. weak: bake works without, less well. missing: something cannot work without.
            Overlay and sandbox are tried where the store is, or would be; nothing stays. Neither git, runc, docker nor
            their configuration is needed. Exit code 1 where something is missing.
            """)

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = CommandSession(global)
        let machine = DebianMachine(proxies: DebianMachine.proxies(in: session.environment))
        let found = MachineExamination(
            store: session.storePath, program: session.program, machine: machine, clock: session.now())
        if session.options.json {
            session.console.document(Self.json(found))
        } else {
            for line in Self.lines(found, onlyFaults: session.options.quiet) { session.console.result(line) }
            session.console.note(Self.summary(found))
        }
        if !found.isFit { throw SilentExit(code: .failed) }
    }

    private static func lines(_ found: MachineExamination, onlyFaults: Bool) -> [String] {
        var table = TextTable()
        let shown = found.checks.filter { !onlyFaults || $0.state != .ok }
        for check in shown {
            table.add([check.state.rawValue, check.name, check.finding])
            if let remedy = check.remedy { table.add(["", "", "→ \(remedy)"]) }
        }
        return table.lines
    }

    private static func summary(_ found: MachineExamination) -> String {
        let missing = found.checks.filter { $0.state == .missing }.map(\.name)
        return missing.isEmpty ? "bake works here" : "missing: \(missing.joined(separator: ", "))"
    }

    private static func json(_ found: MachineExamination) -> JSON {
        let checks = found.checks.map { check in
            JSON.record([
                "name": .string(check.name), "state": .string(check.state.rawValue),
                "finding": .string(check.finding), "remedy": check.remedy.map(JSON.string),
            ])
        }
        return ["schema": "bake/doctor/1", "fit": .bool(found.isFit), "checks": .array(checks)]
    }
}
