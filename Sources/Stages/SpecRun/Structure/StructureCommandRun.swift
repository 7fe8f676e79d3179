import BakeModel
import LinuxSystem

/// One command test on an image: its setup, the command and its teardown, in a root of their own.
struct StructureCommandRun {
    private let test: StructureCommand
    private let options: StructureRunOptions
    /// The image's environment with the file's: what `$NAME` in words stands for.
    private let environment: [String: String]
    private let processes: any ImageProcesses
    /// How long each command may take, in milliseconds.
    private static let timeout: Int64 = 300_000

    init(
        _ test: StructureCommand, of file: StructureFile, _ configuration: ImageConfiguration,
        _ processes: any ImageProcesses
    ) {
        self.test = test
        self.processes = processes
        options = file.options
        environment = Self.environment(of: file, configuration)
    }

    /// The image's environment with the file's own variables, whose values may name the image's.
    static func environment(of file: StructureFile, _ configuration: ImageConfiguration) -> [String: String] {
        let image = values(configuration.environment)
        return file.environment.reduce(into: image) { $0[$1.key] = ShellWords.expanded($1.value, image) }
    }

    /// `NAME=value` by name.
    static func values(_ settings: [String]) -> [String: String] {
        settings.reduce(into: [:]) { values, setting in
            let name = setting.prefix { $0 != "=" }
            values[String(name)] = String(setting.dropFirst(name.count + 1))
        }
    }

    /// A check for each thing that the test asks.
    func checks() -> [Verdict.Check] {
        let named = StructureCheck(resource: "commandTest", id: test.name)
        let start = ContinuousClock.now
        do {
            let outcome = try outcome()
            let duration = (ContinuousClock.now - start).milliseconds
            var status = named.equal("exitCode", test.exitCode, outcome.ending.shellStatus) { String($0) }
            if let remark = outcome.ending.signalRemark { status.outcome = status.outcome.remarked(remark) }
            return [status.lasting(duration)] + outputs(of: outcome, named)
        } catch {
            return [named.check("command", .error(mask.masked(ResourceCheck.text(of: error))))]
        }
    }

    private func outcome() throws -> CommandOutcome {
        let root = try processes.openRoot()
        let own = test.environment.map { ($0.key, ShellWords.expanded($0.value, environment)) }
        let prepared = environment.merging(own) { $1 }
        // What a setup command ends with is no matter, as in container-structure-test; that it cannot be started is.
        for words in test.setup { _ = try run(words, prepared, in: root) }
        // Setup leaves its variables behind; the command itself gets them as they are written.
        let known = test.setup.isEmpty ? environment : prepared
        let literal = known.merging(test.environment.map { ($0.key, $0.value) }) { $1 }
        // What whoever tests lends is the command's alone, and before all else.
        let outcome = try run(
            test.words.map { ShellWords.expanded($0, known) }, literal.merging(options.variables ?? [:]) { $1 },
            in: root, atTerminal: options.hasTerminal)
        // Whether that worked is no matter, either; container-structure-test has none with containers.
        for words in test.teardown { _ = try? run(words, prepared, in: root) }
        return outcome
    }

    private func run(
        _ words: [String], _ environment: [String: String], in root: any WritableRoot, atTerminal: Bool = false
    ) throws -> CommandOutcome {
        let settings = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let program = RootProgram(
            words: words, environment: settings, user: options.user, hasTerminal: atTerminal)
        return try root.run(program, timeout: Self.timeout)
    }

    private var mask: LentMask { LentMask(options.variables ?? [:]) }

    private func outputs(of outcome: CommandOutcome, _ named: StructureCheck) -> [Verdict.Check] {
        [
            ("expectedOutput", test.expectedOutput, outcome.output, true),
            ("excludedOutput", test.excludedOutput, outcome.output, false),
            ("expectedError", test.expectedError, outcome.errors, true),
            ("excludedError", test.excludedError, outcome.errors, false),
        ].compactMap { named.patterns($0, $1, in: $2, expected: $3, shown: mask.masked) }
    }
}
