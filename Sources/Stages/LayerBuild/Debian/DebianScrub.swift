import BakeModel

/// What is taken out of a Debian root: files of the machine that made it, of the moment, and random ones.
public enum DebianScrub {
    /// The rules for a root that mmdebstrap made.
    /// - Parameter standing: packages that are there for their own sake without being asked for.
    public static func rules(for locked: LockedPackages, standing: Set<String>) -> [ScrubRule] {
        let states = extendedStates(locked, standing: standing)
        return common + [.write(path("var/lib/apt/extended_states"), text: states, mode: 0o644)]
    }

    /// The rules for a root in which packages were installed, by whatever means.
    public static let common: [ScrubRule] =
        machine + records + caches + secrets

    /// Of the machine and of the making: names, addresses, archives.
    private static let machine: [ScrubRule] =
        remove([
            "etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/mailname", "etc/apt/sources.list",
            "etc/apt/apt.conf.d/99mmdebstrap", "etc/dpkg/dpkg.cfg.d/99mmdebstrap",
        ])
        + ["dev", "proc", "sys", "run", "tmp", "var/tmp", "etc/apt/sources.list.d"].map { .removeContents(path($0)) }

    /// Of what was done when: logs, and the older halves of files that were changed.
    private static let records: [ScrubRule] =
        remove(["var/log/dpkg.log", "var/log/alternatives.log", "var/log/bootstrap.log", "var/log/fontconfig.log"])
        + [.removeContents(path("var/log/apt")), .removeContents(path("var/log/journal"))]
        + [.removeContents(path("var/backups")), .emptyFiles(path("var/log"))]
        + [("etc", "*-"), ("var/lib/dpkg", "*-old"), ("var/cache/debconf", "*-old")].map {
            .removeMatching(path($0.0), pattern: $0.1)
        }

    /// Of what programs make again, or do without.
    private static let caches: [ScrubRule] =
        remove(["var/cache/ldconfig/aux-cache", "var/lib/apt/daily_lock"])
        + ["var/lib/apt/lists", "var/cache/apt", "var/cache/man", "var/cache/fontconfig"].map {
            .removeContents(path($0))
        }

    /// What must be of one machine alone: identities and keys that the packages made up.
    private static let secrets: [ScrubRule] =
        [
            .empty(path("etc/machine-id")), .removeMatching(path("etc/ssh"), pattern: "ssh_host_*_key*"),
            .removeLinks(path("etc/ssl/certs"), target: "ssl-cert-snakeoil.pem"),
        ]
        + remove([
            "var/lib/dbus/machine-id", "var/lib/systemd/random-seed", "etc/ssl/certs/ssl-cert-snakeoil.pem",
            "etc/ssl/private/ssl-cert-snakeoil.key",
        ])

    /// Which packages came along with others, as apt keeps it: by what was asked for, and not by how the root was made.
    static func extendedStates(_ locked: LockedPackages, standing: Set<String>) -> String {
        let along = locked.closure.filter { !locked.asked.contains($0.name) && !standing.contains($0.name) }
        let paragraphs = along.map {
            "Package: \($0.name)\nArchitecture: \(locked.architecture)\nAuto-Installed: 1\n\n"
        }
        return paragraphs.joined()
    }

    private static func remove(_ paths: [StaticString]) -> [ScrubRule] { paths.map { .remove(path($0)) } }

    /// The paths above hold nothing that could be refused.
    private static func path(_ text: StaticString) -> TreePath {
        (try? TreePath(cleaning: text.description)) ?? .root
    }
}
