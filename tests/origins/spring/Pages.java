import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseBody;

@Controller
public class Pages {
    @RequestMapping("/mypage")
    @ResponseBody
    public String mypage() {
        return "personal:mypage";
    }

    @RequestMapping("/account/**")
    @ResponseBody
    public String account() {
        return "personal:account";
    }

    @RequestMapping("/area/orders")
    @ResponseBody
    public String area() {
        return "personal:area";
    }

    @RequestMapping("/**")
    @ResponseBody
    public String everythingElse() {
        return "public";
    }
}
