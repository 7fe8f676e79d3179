import BakeModel
import RootFilesystem

/// What is taken out of a Debian root: files of the machine that made it, of the moment, and random ones.
public enum DebianScrub {
    /// The edits of a root that mmdebstrap made.
    /// - Parameter standing: packages that are there for their own sake without being asked for.
    public static func edits(for locked: LockedPackages, standing: Set<String>) -> [TreeEdit] {
        let states = extendedStates(locked, standing: standing)
        guard let path = try? TreePath(cleaning: "var/lib/apt/extended_states") else { return common }
        return common + [.write(path, Array(states.utf8), mode: 0o644)]
    }

    /// The edits of a root in which packages were installed, by whatever means.
    public static let common: [TreeEdit] =
        (machine + records + caches + secrets).map(TreeEdit.remove)
        + [try? TreePath(cleaning: "etc/machine-id")].compactMap { $0 }.map(TreeEdit.empty)

    /// Of the machine and of the making: names, addresses, archives.
    private static let machine =
        [
            "etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/mailname", "etc/apt/sources.list",
            "etc/apt/apt.conf.d/99mmdebstrap", "etc/dpkg/dpkg.cfg.d/99mmdebstrap",
        ] + ["dev", "proc", "sys", "run", "tmp", "var/tmp", "etc/apt/sources.list.d"].flatMap(contents)

    /// Of what was done when: logs, and the older halves of files that were changed.
    private static let records =
        ["var/log/*.log", "etc/*-", "var/lib/dpkg/*-old", "var/cache/debconf/*-old"]
        + ["var/log/apt", "var/log/journal", "var/backups"].flatMap(contents)

    /// Of what programs make again, or do without.
    private static let caches =
        ["var/cache/ldconfig/aux-cache", "var/lib/apt/daily_lock"]
        + ["var/lib/apt/lists", "var/cache/apt", "var/cache/man", "var/cache/fontconfig"].flatMap(contents)

    /// What must be of one machine alone: identities and keys that the packages made up. 8a362d91 and ce275665 are OpenSSL's
    /// hashes of the snakeoil certificate's subject, the host name with and without /etc/hosts. A cluster of PostgreSQL has a
    /// random identifier; `pg_createcluster` makes one where the image runs.
    private static let secrets = [
        "etc/ssh/ssh_host_*_key", "etc/ssh/ssh_host_*_key.pub", "var/lib/dbus/machine-id",
        "var/lib/systemd/random-seed", "etc/ssl/certs/ssl-cert-snakeoil.pem", "etc/ssl/certs/8a362d91.0",
        "etc/ssl/certs/ce275665.0",
        "etc/ssl/private/ssl-cert-snakeoil.key", "var/lib/postgresql/*/main", "etc/postgresql/*/main",
    ]

    /// Everything in a directory, which stays. The shell's `*` leaves out what begins with a dot.
    private static func contents(of directory: String) -> [String] { ["\(directory)/*", "\(directory)/.?*"] }

    /// Which packages came along with others, as apt keeps it: by what was asked for, and not by how the root was made.
    static func extendedStates(_ locked: LockedPackages, standing: Set<String>) -> String {
        let along = locked.closure.filter { !locked.asked.contains($0.name) && !standing.contains($0.name) }
        let paragraphs = along.map {
            "Package: \($0.name)\nArchitecture: \(locked.architecture)\nAuto-Installed: 1\n\n"
        }
        return paragraphs.joined()
    }
}
