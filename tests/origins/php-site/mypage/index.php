<?php echo 'personal:mypage';
