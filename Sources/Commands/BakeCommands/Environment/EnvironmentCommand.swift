import ArgumentParser

/// `bake env`: the policy of the store.
struct EnvironmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "env", abstract: "Set and show the environments and their gates.",
        subcommands: [EnvironmentApply.self, EnvironmentShow.self, EnvironmentClock.self])
}
