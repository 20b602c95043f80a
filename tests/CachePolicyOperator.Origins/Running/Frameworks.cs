namespace CachePolicyOperator.Origins.Running;

/// <summary>Every framework that runs from packages, with the profile that has to cover it.</summary>
public static class Frameworks
{
    private static readonly PersonalPage MyPage = PersonalPage.Exact("/mypage", "personal:mypage");

    private static readonly PersonalPage Area = PersonalPage.Exact("/area/orders", "personal:area");

    /// <summary>The framework answers below the path because of how it matches, and the owner need not know.</summary>
    private static readonly PersonalPage[] Loose = [MyPage, PersonalPage.Exact("/account", "personal:account"), Area];

    /// <summary>The application says that it answers below the path, and so does the owner.</summary>
    private static readonly PersonalPage[] Declared = [
        MyPage, PersonalPage.Below("/account", "personal:account"), Area];

    private static readonly PersonalPage[] PhpSite =
        [MyPage, PersonalPage.Exact("/account.php", "personal:account"),
            PersonalPage.Exact("/front", "personal:front")];

    public static Framework AspNetCore { get; } = new(
        "aspnetcore", "ASP.NET Core", "aspnetcore", string.Empty, null, Loose);

    public static IReadOnlyList<Framework> All { get; } =
    [
        AspNetCore,
        new("express-5", "Express", "express", "express", null, Loose),
        new("express-4", "Express", "express", "express", "express4", Loose),
        new("fastify", "Fastify", "strict", "fastify", null, Declared),
        new("nextjs", "Next.js", "nextjs", "nextjs", null, Declared),
        new("flask-werkzeug", "Flask", "flask", "flask", "werkzeug", Declared),
        new("flask-gunicorn", "Flask", "flask", "flask", "gunicorn", Declared),
        new("django", "Django", "django", "django", null, Loose),
        new("php-builtin", "PHP", "php", "php", "builtin", PhpSite),
        new("php-fpm", "PHP", "php", "php", "fpm", PhpSite),
        new("symfony", "Symfony", "symfony", "symfony", null, Declared),
        new("apache", "Apache httpd", "apache", "apache", null, PhpSite),
        new("apache-multiviews", "Apache httpd", "apache", "apache", "MultiViews", PhpSite),
        new("apache-encoded-slashes", "Apache httpd", "apache", "apache", "AllowEncodedSlashes", PhpSite),
        new("nginx", "nginx", "nginx", "nginx", null, Loose),
        new("go", "Go's ServeMux", "go", "go", null, Loose),
        new("rails", "Rails", "rails", "rails", null, Declared),
        new("tomcat-9", "Tomcat", "tomcat", "servlets", "tomcat9", Loose),
        new("tomcat-10", "Tomcat", "tomcat", "servlets", "tomcat10", Loose),
        new("jetty-9", "Jetty", "jetty", "servlets", "jetty9", Loose),
        new("spring-4", "Spring MVC", "spring5", "spring", null, Declared),
    ];
}
